// The API as a function from request to answer. See server.ts for the port it stands behind.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Clock, LogBook, ResourceId } from '../../contract.ts';
import type { ContainerAccess } from '../../exec/container-access.ts';
import type { UsageSource } from '../../usage.ts';
import { loadRules } from '../cel/rules.ts';
import { newEvents } from '../event-versions.ts';
import { type KindTable, resourceIdOf, withKind } from '../kinds/kind-table.ts';
import { hasPolicies } from '../policies/validating.ts';
import type { FullRegistry } from '../registry.ts';
import { negotiate } from './accept.ts';
import { authorize, authorizePath } from './authorize.ts';
import {
  getComponentStatus,
  isComponentStatus,
  listComponentStatuses,
  withComponentStatuses,
} from './component-statuses.ts';
import type { ApiContext, Handler, ResourceRequest } from './context.ts';
import { createContinuations } from './continuations.ts';
import { deprecation } from './deprecations.ts';
import { groupNames, groupReply, groupsReply, nothingAt, resourcesReply, verbsOf, versionsOf } from './discovery.ts';
import { nameAsked } from './field-query.ts';
import { list } from './list.ts';
import { getMetrics, isMetrics, listMetrics, withMetrics } from './metrics.ts';
import { create, get, remove, removeCollection, update } from './objects.ts';
import { openapiDocument, openapiIndex, openapiV2 } from './openapi.ts';
import { patch } from './patch.ts';
import { flag } from './query-options.ts';
import { type ApiReply, type ApiRequest, jsonReply, type User } from './request.ts';
import { checkNameInPath, type ResourcePath, resourcePath, splitPath } from './resource-path.ts';
import { isReview, review, withReviews } from './reviews.ts';
import { type Asked, createServerMetrics } from './server-metrics.ts';
import { failureReply, methodNotAllowed, pageNotFound, resourceNotFound } from './status.ts';
import { withoutProxied } from './subresources/proxy.ts';
import { findSubresource } from './subresources/subresources.ts';
import { healthReply, versionReply } from './version.ts';
import { watch } from './watch.ts';

export interface ApiOptions {
  registry: FullRegistry;
  logs: LogBook;
  clock: Clock;
  containers: ContainerAccess;
  usage?: UsageSource;
  tokenUser(token: string): User | undefined;
  serviceAccountToken(account: KubeObject, audiences: string[], expires: number): string;
  /** Told before objects of a kind are read, for what is kept up to date only for who looks. */
  beforeReading?(resource: ResourceId): void;
  /** Hears of what went wrong inside: answered with 500. */
  onBug(error: unknown): void;
}

export type Api = (request: ApiRequest) => Promise<ApiReply>;

/** Never rejects: every failure is answered with its Status. A write is answered once it is on disk. */
export function createApi(options: ApiOptions): Api {
  const { clock } = options;
  const metrics = createServerMetrics(clock.now());
  const continuations = createContinuations(() => clock.now(), options.registry.store.advance);
  const context: ApiContext = { ...options, metrics, continuations };
  return async (request) => {
    const reply = await answer(context, request);
    metrics.answered(asked.get(request), request.method, reply.status);
    return reply;
  };
}

function answer(context: ApiContext, request: ApiRequest): Promise<ApiReply> {
  return answerOf(context, () => route(context, request));
}

async function answerOf(context: ApiContext, work: () => ApiReply | Promise<ApiReply>): Promise<ApiReply> {
  try {
    const reply = await work();
    // Who reads one object does not wait for the writes of others.
    const durable = reply.tells !== undefined && reply.tells <= context.registry.store.durableRevision;
    if (!durable) await context.registry.durable();
    return reply;
  } catch (error) {
    // A refusal tells of what there is, too: of a write that a crash could undo, nobody may hear.
    await context.registry.durable().catch(() => {});
    return failureReply(error, context.onBug);
  }
}

/** What a request turned out to be about, for the figures. */
const asked = new WeakMap<ApiRequest, Asked>();

async function route(context: ApiContext, request: ApiRequest): Promise<ApiReply> {
  const stored = withReviews(withKind(context.registry.kinds, newEvents));
  const kinds = withMetrics(withComponentStatuses(stored), context.usage);
  const [first = '', ...rest] = trimmed(splitPath(withoutProxied(request.path)));
  if (first === '' && request.path !== '/' && request.path !== '') throw pageNotFound();
  const [group = '', version = '', ...resource] = first === 'api' ? ['', ...rest] : rest;
  if ((first === 'api' || first === 'apis') && resource.length > 0) {
    const path = resourcePath(group, version, resource);
    if (!path) throw resourceNotFound();
    return resourceReply(context, request, kinds, path);
  }
  authorizePath(context.registry, request.user, request.method, request.path);
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  switch (first) {
    case '':
      return jsonReply({ paths: rootPaths(kinds) });
    case 'metrics':
      if (rest.length > 0) break;
      return context.metrics.reply(context.registry);
    case 'api':
      if (version === '') context.metrics.discovered();
      return version === '' ? groupsReply(request, kinds, true) : resourcesReply(kinds, '', version);
    case 'apis':
      if (group === '') return groupsReply(request, kinds, false);
      return version === '' ? groupReply(kinds, group) : resourcesReply(kinds, group, version);
    case 'openapi':
      return openapiReply(kinds, request, rest);
    case 'version':
      if (rest.length === 0) return versionReply();
      break;
    case 'healthz':
    case 'livez':
    case 'readyz': {
      const reply = rest.length < 2 ? healthReply(request, [first, ...rest]) : undefined;
      if (reply) return reply;
    }
  }
  throw pageNotFound();
}

function openapiReply(kinds: KindTable, request: ApiRequest, segments: string[]): ApiReply | Promise<ApiReply> {
  const [edition, root, ...rest] = segments;
  if (edition === 'v2' && root === undefined) return openapiV2(request, kinds);
  if (edition === 'v3' && root === undefined) return openapiIndex(kinds);
  const [group = '', version = '', more] = root === 'api' ? ['', ...rest] : rest;
  const known = versionsOf(kinds, group).includes(version);
  // Of a document that is not there, the server says nothing but that.
  if (edition !== 'v3' || (root !== 'api' && root !== 'apis') || more !== undefined || !known)
    return { status: 404, headers: {}, body: '' };
  return openapiDocument(request, kinds, group, version);
}

async function resourceReply(
  context: ApiContext,
  request: ApiRequest,
  kinds: KindTable,
  path: ResourcePath,
): Promise<ApiReply> {
  const kind = kinds.byResource(path.group, path.resource);
  const watching = path.watch === true || flag(request.query, 'watch');
  const single = path.name ?? (watching ? nameAsked(request.query.get('fieldSelector') ?? '') : undefined);
  const verb = verbOf(request.method, path, watching);
  authorize(context.registry, request.user, {
    verb: verb ?? request.method.toLowerCase(),
    group: path.group,
    resource: path.subresource ? `${path.resource}/${path.subresource}` : path.resource,
    namespace: path.namespace,
    name: single,
  });
  if (!kind?.versions.includes(path.version)) throw nothingAt(kinds, path.group);
  asked.set(request, {
    verb: verb ?? request.method,
    group: path.group,
    version: path.version,
    resource: path.resource,
    subresource: path.subresource ?? '',
    scope: path.name !== undefined ? 'resource' : path.namespace !== undefined ? 'namespace' : 'cluster',
  });
  // The server has no handler for it on a resource.
  if (request.method === 'HEAD') throw methodNotAllowed();
  checkNameInPath(path.name);
  if (path.namespace !== undefined && !kind.namespaced) throw resourceNotFound();
  const warnings = new Set<string>(deprecation(kind, path.version));
  const r: ResourceRequest = {
    context,
    request,
    kind,
    version: path.version,
    resource: kind === newEvents ? 'events' : resourceIdOf(path.group, path.resource),
    namespace: path.namespace,
    name: path.name,
    form: unnegotiated.has(path.subresource ?? '')
      ? { as: 'object', syntax: 'json' }
      : negotiate(request.headers.accept, isReview(kind) ? ['object'] : ['object', 'table', 'metadata']),
    warn: (message) => void warnings.add(message),
  };
  const handler = handlerOf(r, path, verb);
  if (verb === 'get' || verb === 'list' || verb === 'watch') context.beforeReading?.(r.resource);
  if (ruledVerbs.has(verb) && (kind.crd || hasPolicies(policyFacts(context)))) await loadRules();
  // A refusal warns, too.
  const reply = await answerOf(context, () => handler(r));
  if (warnings.size === 0) return reply;
  return { ...reply, headers: { ...reply.headers, warning: [...warnings].map(warningHeader) } };
}

/** Throws 404, 405 and 501. */
function handlerOf(r: ResourceRequest, path: ResourcePath, verb: string | undefined): Handler {
  if (path.subresource !== undefined) {
    const subresource = findSubresource(r.kind, path.subresource);
    if (!subresource) throw r.kind.crd ? pageNotFound() : resourceNotFound();
    const handler = isSubresourceVerb(verb) ? subresource[verb] : undefined;
    if (!handler) throw methodNotAllowed();
    return handler;
  }
  if (isReview(r.kind) && verb === 'create') return review;
  if (isMetrics(r.kind)) return readHandler(verb, getMetrics, listMetrics);
  if (isComponentStatus(r.kind)) return readHandler(verb, getComponentStatus, listComponentStatuses);
  // A namespaced kind is listed across namespaces, but nothing else is done without one.
  const homeless = r.kind.namespaced && r.namespace === undefined && verb !== 'list' && verb !== 'watch';
  const handler = verb === undefined || homeless ? undefined : handlers[verb];
  if (!handler || !verbsOf(r.kind).includes(verb ?? ''))
    throw homeless && r.name ? resourceNotFound() : methodNotAllowed();
  return handler;
}

function policyFacts({ registry }: ApiContext) {
  return { configurations: (plural: string) => registry.list(`admissionregistration.k8s.io/${plural}`) };
}

function readHandler(verb: string | undefined, get: Handler, list: Handler): Handler {
  if (verb === 'get') return get;
  if (verb === 'list') return list;
  throw methodNotAllowed();
}

/** Those that check an object's rules. */
const ruledVerbs = new Set<string | undefined>(['create', 'update', 'patch']);

/** Subresources that answer in a form of their own, whatever Accept says. */
const unnegotiated = new Set(['log', 'exec', 'attach', 'portforward', 'proxy']);

const handlers: Record<string, Handler> = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: removeCollection,
};

function verbOf(method: string, { name, subresource }: ResourcePath, watching: boolean): string | undefined {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (watching && subresource === undefined) return 'watch';
      return name === undefined ? 'list' : 'get';
    case 'POST':
      return name === undefined || subresource !== undefined ? 'create' : undefined;
    case 'PUT':
      return name === undefined ? undefined : 'update';
    case 'PATCH':
      return name === undefined ? undefined : 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return undefined;
  }
}

function isSubresourceVerb(verb: string | undefined): verb is 'get' | 'create' | 'update' | 'patch' | 'delete' {
  return verb === 'get' || verb === 'create' || verb === 'update' || verb === 'patch' || verb === 'delete';
}

function rootPaths(kinds: KindTable): string[] {
  const groups = groupNames(kinds)
    .filter((g) => g !== '')
    .flatMap((g) => [`/apis/${g}`, ...versionsOf(kinds, g).map((v) => `/apis/${g}/${v}`)]);
  return [
    '/api',
    '/api/v1',
    '/apis',
    ...groups.sort(),
    '/healthz',
    '/livez',
    '/metrics',
    '/openapi/v2',
    '/openapi/v3',
    '/readyz',
    '/version',
  ];
}

function trimmed(segments: string[]): string[] {
  return segments.at(-1) === '' ? segments.slice(0, -1) : segments;
}

function warningHeader(text: string): string {
  return `299 - "${text.replace(/[\\"]/g, '\\$&').replace(/[^\x20-\x7e]+/g, ' ')}"`;
}
