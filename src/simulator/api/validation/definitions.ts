// CustomResourceDefinitions: names, versions, schemas and columns.
import type { KubeObject } from '../../../mesh/objects.ts';
import { isMap } from '../patch-merge.ts';
import { complain } from './metadata.ts';
import { dnsLabel1035, dnsSubdomain } from './names.ts';
import type { Problems } from './problems.ts';
import { checkDefinitionSchema } from './structural.ts';
import { list } from './values.ts';

type Map = Record<string, unknown>;

export function checkDefinition(object: KubeObject, previous: KubeObject | undefined, problems: Problems): void {
  const spec = isMap(object.spec) ? object.spec : {};
  const names = isMap(spec.names) ? spec.names : {};
  if (object.metadata.name !== `${names.plural ?? ''}.${spec.group ?? ''}`)
    problems.at('metadata', 'name').invalid(object.metadata.name, 'must be spec.names.plural+"."+spec.group');
  checkSpec(spec, names, problems.at('spec'));
  if (!previous) checkStored(list(spec.versions), problems.at('status', 'storedVersions'));
  checkApproval(object, previous, problems);
  if (spec.preserveUnknownFields === true && !previous)
    problems
      .at('spec', 'preserveUnknownFields')
      .invalid(
        true,
        'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      );
  if (previous) checkImmutable(spec, names, previous, problems.at('spec'));
}

function checkSpec(spec: Map, names: Map, problems: Problems): void {
  const group = String(spec.group ?? '');
  if (group === '') problems.at('group').required();
  else if (dnsSubdomain(group).length > 0) complain(problems.at('group'), group, [dnsSubdomain(group).join(',')]);
  else if (!group.includes('.')) problems.at('group').invalid(group, 'should be a domain with at least one dot');
  const scopes = ['Cluster', 'Namespaced'];
  if (!spec.scope) problems.at('scope').required();
  else if (!scopes.includes(String(spec.scope))) problems.at('scope').notSupported(spec.scope, scopes);
  const versions = list(spec.versions);
  versions.forEach((version, i) => {
    if (schemaOf(version) === undefined) problems.at('versions', i, 'schema', 'openAPIV3Schema').required();
  });
  versions.forEach((version, i) => {
    checkVersion(version, versions, problems.at('versions', i));
  });
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    problems.at('versions').invalid(versions.map(asGo(versions)), 'must contain unique version names');
  if (versions.filter(({ storage }) => storage === true).length !== 1)
    problems
      .at('versions')
      .invalid(versions.map(asGo(versions)), 'must have exactly one version marked as storage version');
  const first = String(versions[0]?.name ?? '');
  if (first !== '') joined(problems.at('version'), first, dnsLabel1035(first));
  checkNames(names, problems.at('names'));
  checkShared(versions, problems);
}

/** What all versions have the same is looked at once, where it stood when there was one version. */
function checkShared(versions: Map[], problems: Problems): void {
  const [first] = versions;
  if (!first) return;
  const schema = schemaOf(first);
  if (schema && shared(versions, 'schema')) checkDefinitionSchema(schema, problems.at('validation', 'openAPIV3Schema'));
  if (shared(versions, 'additionalPrinterColumns')) checkColumns(first, problems);
}

function checkVersion(version: Map, all: Map[], problems: Problems): void {
  const name = String(version.name ?? '');
  joined(problems.at('name'), name, dnsLabel1035(name));
  const schema = schemaOf(version);
  if (schema && !shared(all, 'schema')) checkDefinitionSchema(schema, problems.at('schema', 'openAPIV3Schema'));
  if (!shared(all, 'additionalPrinterColumns')) checkColumns(version, problems);
}

function shared(versions: Map[], field: string): boolean {
  return new Set(versions.map((version) => JSON.stringify(version[field] ?? null))).size === 1;
}

function schemaOf({ schema }: Map): Map | undefined {
  return isMap(schema) && isMap(schema.openAPIV3Schema) ? schema.openAPIV3Schema : undefined;
}

/** Several complaints of one name in one line. */
function joined(problems: Problems, value: string, complaints: string[], before = ''): void {
  if (complaints.length > 0) problems.invalid(value, `${before}${complaints.join(',')}`);
}

function checkNames(names: Map, problems: Problems): void {
  for (const field of ['plural', 'singular', 'kind', 'listKind']) if (!names[field]) problems.at(field).required();
  for (const field of ['plural', 'singular'])
    if (names[field]) joined(problems.at(field), String(names[field]), dnsLabel1035(String(names[field])));
  for (const field of ['kind', 'listKind']) {
    const value = String(names[field] ?? '');
    if (value !== '')
      joined(
        problems.at(field),
        value,
        dnsLabel1035(value.toLowerCase()),
        'may have mixed case, but should otherwise match: ',
      );
  }
  const listed = (field: string): string[] => (Array.isArray(names[field]) ? names[field].map(String) : []);
  listed('shortNames').forEach((name, i) => {
    joined(problems.at('shortNames', i), name, dnsLabel1035(name));
  });
  if (names.kind && names.kind === names.listKind)
    problems.at('listKind').invalid(names.listKind, 'kind and listKind may not be the same');
  listed('categories').forEach((name, i) => {
    joined(problems.at('categories', i), name, dnsLabel1035(name));
  });
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];

function checkColumns(version: Map, problems: Problems): void {
  list(version.additionalPrinterColumns).forEach(({ name, type, jsonPath }, i) => {
    const at = problems.at('additionalPrinterColumns', i);
    const known = `must be one of ${columnTypes.join(',')}`;
    if (!name) at.at('name').required();
    if (!type) at.at('type').required(known);
    else if (!columnTypes.includes(String(type))) at.at('type').invalid(type, known);
    if (!jsonPath) at.at('JSONPath').required();
    else if (!String(jsonPath).startsWith('.'))
      at.at('JSONPath').invalid(jsonPath, 'must be a simple json path starting with .');
  });
}

/** As the API server prints its own structure; what all versions share is not in them. */
function asGo(versions: Map[]) {
  const own = (version: Map, field: string): unknown => (shared(versions, field) ? null : (version[field] ?? null));
  return (version: Map): Map => ({
    Name: version.name ?? '',
    Served: version.served ?? false,
    Storage: version.storage ?? false,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: own(version, 'schema'),
    Subresources: own(version, 'subresources'),
    AdditionalPrinterColumns: own(version, 'additionalPrinterColumns'),
    SelectableFields: own(version, 'selectableFields'),
  });
}

/** The server writes down the first version that objects are kept at, and then looks whether that is all of them. */
function checkStored(versions: Map[], problems: Problems): void {
  const kept = versions.filter(({ storage }) => storage === true).map(({ name }) => String(name));
  const [first, ...more] = kept;
  if (first === undefined) problems.invalid(null, 'must have at least one stored version');
  for (const name of more) problems.invalid([first], `must have the storage version ${name}`);
}

const APPROVAL = 'api-approved.kubernetes.io';

function checkApproval(object: KubeObject, previous: KubeObject | undefined, problems: Problems): void {
  const group = String((isMap(object.spec) ? object.spec.group : undefined) ?? '');
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group) || previous) return;
  if (object.metadata.annotations?.[APPROVAL] === undefined)
    problems
      .at('metadata', 'annotations')
      .key(APPROVAL)
      .required(
        `protected groups must have approval annotation "${APPROVAL}", see https://github.com/kubernetes/enhancements/pull/1111`,
      );
}

function checkImmutable(spec: Map, names: Map, previous: KubeObject, problems: Problems): void {
  const before = isMap(previous.spec) ? previous.spec : {};
  const old = isMap(before.names) ? before.names : {};
  const same = (value: unknown, was: unknown, at: Problems): void => {
    if (value !== was) at.invalid(value ?? '', 'field is immutable');
  };
  if (isEstablished(previous)) {
    same(spec.scope, before.scope, problems.at('scope'));
    same(names.kind, old.kind, problems.at('names', 'kind'));
  }
  same(spec.group, before.group, problems.at('group'));
  same(names.plural, old.plural, problems.at('names', 'plural'));
}

function isEstablished({ status }: KubeObject): boolean {
  const conditions = isMap(status) ? list(status.conditions) : [];
  return conditions.some(({ type, status: held }) => type === 'Established' && held === 'True');
}
