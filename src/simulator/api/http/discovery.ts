// What the cluster serves, for clients that ask: the aggregated form (one answer) and the old one (one per version).
import { createHash } from 'node:crypto';
import type { ApiError } from '../errors.ts';
import type { KindDefinition, KindTable } from '../kinds/kind-table.ts';
import { byPriority } from '../kinds/version-priority.ts';
import { type MediaType, parseMediaTypes } from './accept.ts';
import { isComponentStatus } from './component-statuses.ts';
import { isMetrics } from './metrics.ts';
import { type ApiReply, type ApiRequest, jsonReply } from './request.ts';
import { isReview } from './reviews.ts';
import { type PlainFailure, pageNotFound, resourceNotFound } from './status.ts';
import type { Subresource } from './subresources/subresource.ts';
import { subresourcesOf } from './subresources/subresources.ts';

/** /api and /apis, in either form. */
export function groupsReply(request: ApiRequest, kinds: KindTable, core: boolean): ApiReply {
  const aggregated = parseMediaTypes(request.headers.accept).find(isAggregated);
  if (!aggregated) return jsonReply(core ? coreVersions() : groupList(kinds));
  const { v: version = 'v2' } = aggregated.parameters;
  const document = {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groupNames(kinds)
      .filter((group) => (group === '') === core)
      .map((group) => ({
        metadata: core ? {} : { name: group },
        versions: versionsOf(kinds, group).map((v) => ({
          version: v,
          resources: kindsOf(kinds, group, v).map((kind) => aggregatedResource(kind, v)),
          freshness: 'Current',
        })),
      })),
  };
  const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  return cached(request, document, type);
}

/** /apis/apps */
export function groupReply(kinds: KindTable, group: string): ApiReply {
  if (!groupNames(kinds).includes(group) || group === '') throw pageNotFound();
  return jsonReply({ kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(kinds, group) });
}

/** /api/v1 and /apis/apps/v1 */
export function resourcesReply(kinds: KindTable, group: string, version: string): ApiReply {
  const found = kindsOf(kinds, group, version);
  if (found.length === 0) throw nothingAt(kinds, group);
  return jsonReply({
    kind: 'APIResourceList',
    // Of the core, the oldest of them, the server leaves it out.
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: isCustom(found)
      ? found.flatMap((kind) => oldResources(kind, version))
      : [...found.flatMap((kind) => oldResources(kind, version)), ...(group === '' ? unkept : [])].sort((a, b) =>
          a.name < b.name ? -1 : 1,
        ),
  });
}

/** An address in a group: only of Kubernetes' own does the server know enough to say it as a Status. */
export function nothingAt(kinds: KindTable, group: string): ApiError | PlainFailure {
  const own = group === '' || kinds.all().some((k) => k.group === group && !k.crd);
  return own ? resourceNotFound() : pageNotFound();
}

/** Custom groups last, by their preferred version and name: of two kinds of one name, tools take the first group's. */
export function groupNames(kinds: KindTable): string[] {
  const all = kinds.all();
  const names = (custom: boolean) => new Set(all.filter((k) => (k.crd !== undefined) === custom).map((k) => k.group));
  const service = (group: string) => `${versionsOf(kinds, group)[0] ?? ''}.${group}`;
  const custom = [...names(true)].sort((a, b) => (service(a) < service(b) ? -1 : 1));
  return [...new Set([...names(false), ...custom])];
}

/** The preferred one first. */
export function versionsOf(kinds: KindTable, group: string): string[] {
  const versions = kinds.all().flatMap((k) => (k.group === group ? k.versions : []));
  return [...new Set(versions)].sort(byPriority);
}

export function kindsOf(kinds: KindTable, group: string, version: string): KindDefinition[] {
  return kinds
    .all()
    .filter((k) => k.group === group && k.versions.includes(version))
    .sort((a, b) => (a.plural < b.plural ? -1 : 1));
}

export function verbsOf(kind: KindDefinition): string[] {
  if (isReview(kind)) return ['create'];
  if (isMadeWhenAsked(kind)) return ['get', 'list'];
  // In the order in which the server that has the kind says them.
  if (kind.crd) return ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
  const all = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
  return kind.group === '' && kind.plural === 'namespaces' ? all.filter((v) => v !== 'deletecollection') : all;
}

/** Serves `document` with an ETag, so that a client that has it already gets nothing but 304. */
export function cached(request: ApiRequest, document: unknown, type: string): ApiReply {
  const body = JSON.stringify(document);
  const etag = `"${createHash('sha256').update(body).digest('hex').toUpperCase()}"`;
  const headers = { 'content-type': type, etag, vary: 'Accept', 'cache-control': 'public' };
  if (request.headers['if-none-match'] === etag) return { status: 304, headers, body: '' };
  return { status: 200, headers, body };
}

function isAggregated({ type, parameters }: MediaType): boolean {
  const { g, v, as } = parameters;
  return (
    type === 'application/json' &&
    g === 'apidiscovery.k8s.io' &&
    as === 'APIGroupDiscoveryList' &&
    (v === 'v2' || v === 'v2beta1')
  );
}

function coreVersions() {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:6443' }],
  };
}

function groupList(kinds: KindTable) {
  const groups = groupNames(kinds).filter((g) => g !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((g) => describeGroup(kinds, g)) };
}

function describeGroup(kinds: KindTable, group: string) {
  const versions = versionsOf(kinds, group).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function aggregatedResource(kind: KindDefinition, version: string) {
  const { group } = kind;
  const subresources = sortedSubresources(kind).map((s) => ({
    subresource: s.name,
    responseKind: emptyWhenSame(s.answers(kind), kind),
    verbs: subresourceVerbs(s),
  }));
  return {
    resource: kind.plural,
    responseKind: { group, version, kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}

function sortedSubresources(kind: KindDefinition): Subresource[] {
  return subresourcesOf(kind).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A subresource that answers with its parent's kind leaves group and version to the parent. */
function emptyWhenSame(answer: { group: string; version: string; kind: string }, kind: KindDefinition) {
  return answer.kind === kind.kind ? { group: '', version: '', kind: answer.kind } : answer;
}

function oldResources(kind: KindDefinition, version: string) {
  const { plural, singular, namespaced, shortNames, categories } = kind;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind: kind.kind,
      verbs: verbsOf(kind),
      ...(shortNames.length > 0 ? { shortNames } : {}),
      ...(categories.length > 0 ? { categories } : {}),
      ...(isReview(kind) || isMadeWhenAsked(kind) ? {} : { storageVersionHash: storageVersionHash(kind) }),
    },
    ...subresourcesOf(kind).map((s) => {
      const answer = s.answers(kind);
      const foreign = answer.kind === kind.kind ? {} : { group: answer.group, version: answer.version };
      return {
        name: `${plural}/${s.name}`,
        singularName: '',
        namespaced,
        ...(foreign.version === version && foreign.group === kind.group ? {} : foreign),
        kind: answer.kind,
        verbs: subresourceVerbs(s),
      };
    }),
  ];
}

function subresourceVerbs(s: Subresource): string[] {
  return (['create', 'delete', 'get', 'patch', 'update'] as const).filter((verb) => s[verb] !== undefined);
}

const isMadeWhenAsked = (kind: KindDefinition): boolean => isMetrics(kind) || isComponentStatus(kind);

const isCustom = (found: KindDefinition[]): boolean => found.every((kind) => kind.crd);

/** Of what the core serves and does not keep. */
const unkept = [{ name: 'bindings', singularName: 'binding', namespaced: true, kind: 'Binding', verbs: ['create'] }];

/** Tells whether two servers keep a kind at the same version: of group, version and kind, 8 bytes. */
function storageVersionHash({ group, versions, kind, storedAs }: KindDefinition): string {
  return createHash('sha256')
    .update(`${storedAs ?? `${group}/${versions[0]}`}/${kind}`)
    .digest()
    .subarray(0, 8)
    .toString('base64');
}
