// What every object's metadata must be.
import type { KubeObject } from '../../../mesh/objects.ts';
import { isMap } from '../patch-merge.ts';
import {
  dnsLabel,
  dnsLabel1035,
  dnsSubdomain,
  labelValueRule,
  type NameRule,
  pathSegment,
  qualifiedName,
} from './names.ts';
import type { Problems } from './problems.ts';

/** Of all annotations together, in bytes. */
const mostAnnotations = 256 * 1024;

export function checkMetadata(object: KubeObject, resource: string, problems: Problems): void {
  const { name, generateName, labels, annotations, finalizers, ownerReferences } = object.metadata;
  const meta = problems.at('metadata');
  const rule = nameRule(resource);
  // The random ending counts too, so a cut name with a hyphen at its end is right.
  if (generateName) complain(meta.at('generateName'), generateName, rule(generateName.replace(/-$/, 'a')));
  complain(meta.at('name'), name, rule(name));
  checkLabels(labels, meta.at('labels'));
  checkAnnotations(annotations, meta.at('annotations'));
  checkOwners(ownerReferences, meta.at('ownerReferences'));
  checkFinalizers(finalizers, meta.at('finalizers'));
}

/** What is going away takes no new finalizers. Two parts of the API server look at it. */
export function checkMetadataUpdate(object: KubeObject, previous: KubeObject, problems: Problems): void {
  if (!previous.metadata.deletionTimestamp) return;
  const known = new Set(previous.metadata.finalizers);
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !known.has(finalizer));
  if (added.length === 0) return;
  const shown = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${shown}}`;
  for (let i = 0; i < 2; i++) problems.at('metadata', 'finalizers').forbidden(why);
}

export function checkLabels(labels: unknown, problems: Problems): void {
  for (const [key, value] of Object.entries(isMap(labels) ? labels : {})) {
    complain(problems, key, qualifiedName(key));
    complain(problems, String(value), labelValueRule(String(value)));
  }
}

/** One complaint a problem. */
export function complain(problems: Problems, value: unknown, complaints: string[]): void {
  for (const detail of complaints) problems.invalid(value, detail);
}

function checkAnnotations(annotations: unknown, problems: Problems): void {
  let size = 0;
  for (const [key, value] of Object.entries(isMap(annotations) ? annotations : {})) {
    complain(problems, key, qualifiedName(key.toLowerCase()));
    size += Buffer.byteLength(key) + Buffer.byteLength(String(value));
  }
  if (size > mostAnnotations) problems.tooLong(mostAnnotations);
}

function checkOwners(owners: unknown, problems: Problems): void {
  if (!Array.isArray(owners)) return;
  const all = owners.filter(isMap);
  for (const owner of all) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (field === 'apiVersion' && owner.apiVersion) continue;
      if (!owner[field])
        problems
          .at(field)
          .invalid(owner[field] ?? '', field === 'apiVersion' ? 'version must not be empty' : 'must not be empty');
    }
  }
  const [first, second] = all.filter((owner) => owner.controller === true);
  if (!first || !second) return;
  const named = (owner: Record<string, unknown>): string => `${owner.kind}/${owner.name}`;
  const shown = all.map(({ apiVersion, kind, name, uid, controller }) => ({
    apiVersion,
    kind,
    name,
    uid,
    ...(controller === undefined ? {} : { controller }),
  }));
  problems.invalid(
    shown,
    `Only one reference can have Controller set to true. Found "true" in references for ${named(first)} and ${named(second)}`,
  );
}

const plainFinalizers = new Set(['foregroundDeletion', 'orphan', 'kubernetes']);

function checkFinalizers(finalizers: unknown, problems: Problems): void {
  if (!Array.isArray(finalizers)) return;
  for (const [i, finalizer] of finalizers.entries()) {
    const text = String(finalizer);
    const complaints = qualifiedName(text);
    complain(problems, text, complaints);
    if (complaints.length === 0 && !text.includes('/') && !plainFinalizers.has(text))
      problems.at(i).invalid(text, 'name is neither a standard finalizer name nor is it fully qualified');
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    problems.invalid(finalizers, 'finalizers "orphan" and "foregroundDeletion" cannot be both set');
}

const named: Record<string, NameRule> = {
  namespaces: dnsLabel,
  services: dnsLabel1035,
  'discovery.k8s.io/endpointslices': dnsSubdomain,
  'rbac.authorization.k8s.io/roles': pathSegment,
  'rbac.authorization.k8s.io/rolebindings': pathSegment,
  'rbac.authorization.k8s.io/clusterroles': pathSegment,
  'rbac.authorization.k8s.io/clusterrolebindings': pathSegment,
  // Certificate requests are named by the one who signs.
  'certificates.k8s.io/certificatesigningrequests': () => [],
};

function nameRule(resource: string): NameRule {
  return named[resource] ?? dnsSubdomain;
}
