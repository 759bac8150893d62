// The one door to the cluster's state: see Registry in ../contract.ts for what callers may rely on.
import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, DeleteOptions, Registry, ResourceId, WebhookCaller, WriteOptions } from '../contract.ts';
import { chooseClass } from '../controllers/storage/default-class.ts';
import { CLAIMS, CLASSES } from '../controllers/storage/storage-kinds.ts';
import { formatTime } from '../controllers/time.ts';
import { copyOf } from '../copy.ts';
import type { Store, StoredEvent } from '../store/store.ts';
import { type AdmissionContext, mutate, validate } from './admission.ts';
import { applyConfiguration } from './apply.ts';
import { CRDS, createCustomKinds } from './custom-kinds.ts';
import { ApiError, alreadyExists, invalid, notFound, qualified, tooLargeToStore } from './errors.ts';
import { hasGeneration } from './kinds/first-write.ts';
import {
  createKindTable,
  type KindDefinition,
  type KindTable,
  resourceIdOf,
  splitApiVersion,
} from './kinds/kind-table.ts';
import { prepareCreate, prepareUpdate, type StrategyContext } from './kinds/strategies.ts';
import { createKnownUpdates } from './known-updates.ts';
import type { Typed } from './managed-fields.ts';
import { checkDecodes, checkFields, checkSchema, complete } from './object-checks.ts';
import {
  blocked,
  detailsOf,
  forBinding,
  forStatus,
  partOf,
  podGrace,
  sameContent,
  specChanged,
  stored,
  suffix,
  withManagersOf,
  withoutStatus,
} from './object-facts.ts';
import { isMap } from './patch-merge.ts';
import { type PatchType, patchedObject } from './patched-object.ts';
import { about, beingTerminated, checkPreconditions, checkReplaces } from './preconditions.ts';
import { createSchemas } from './schemas/schemas.ts';
import { warningsOf } from './validation/warnings.ts';

export interface RegistryOptions {
  store: Store;
  clock: Clock;
  /** Late, because what answers webhooks reads the registry. */
  webhooks: () => WebhookCaller | undefined;
  /** The API server's own admission of new pods. */
  admitPod: (pod: KubeObject) => KubeObject;
  /** Its last word on a write that webhooks have let through: limits and quotas. Throws ApiError. */
  check?: (resource: ResourceId, object: KubeObject, previous?: KubeObject, warn?: (text: string) => void) => void;
  random?: () => number;
}

export type { PatchType } from './patched-object.ts';

export interface FullRegistry extends Registry {
  kinds: KindTable;
  store: Store;
  patch(
    resource: ResourceId,
    namespace: string | undefined,
    name: string,
    type: PatchType,
    body: unknown,
    options?: WriteOptions,
  ): KubeObject;
  apply(
    resource: ResourceId,
    object: KubeObject,
    options: WriteOptions & { fieldManager: string; force?: boolean },
  ): { object: KubeObject; created: boolean };
}

export function createRegistry({
  store,
  clock,
  webhooks,
  admitPod,
  check = () => {},
  random = Math.random,
}: RegistryOptions): FullRegistry {
  const kinds = createKindTable();
  const schemas = createSchemas(kinds);
  const customKinds = createCustomKinds(store, kinds);
  const recordUpdate = createKnownUpdates();

  const registry: FullRegistry = {
    kinds,
    store,
    get: (resource, namespace, name) => store.get(resource, namespace, name),
    list: (resource, namespace) => store.list(resource, namespace),
    create,
    update: (resource, object, options) => update(resource, object, options ?? {}),
    edit(resource, namespace, name, change, options) {
      const current = store.get(resource, namespace, name);
      if (!current) return undefined;
      const own = options?.subresource === 'status' && !kindOf(resource).crd;
      if (options?.subresource === 'binding') {
        const bound = forBinding(current);
        change(bound);
        return bind(resource, current, bound, options);
      }
      const copy = own ? forStatus(current) : copyOf(current);
      change(copy);
      // What was put there stays whose it is.
      if (own && copy.status !== undefined) copy.status = copyOf(copy.status);
      return update(resource, copy, options ?? {}, own);
    },
    remove,
    patch,
    apply,
    watch(resource, handler) {
      const existing = resource === '*' ? kinds.all().map((k) => resourceIdOf(k.group, k.plural)) : [resource];
      for (const id of existing) for (const object of store.list(id)) handler({ type: 'ADDED', resource: id, object });
      const seen = store.revision;
      // Events still on their way to disk were in the replay already.
      const hear = (event: StoredEvent): void => {
        if (event.revision > seen) handler(event);
      };
      return resource === '*' ? store.onEvent(hear) : store.onEvent(hear, resource);
    },
    durable: () => store.durable(),
  };
  return registry;

  function create(resource: ResourceId, given: KubeObject, options: WriteOptions = {}): KubeObject {
    const kind = kindOf(resource);
    let object = copyOf(given);
    const meta = object.metadata;
    if (!meta.name && meta.generateName) meta.name = `${meta.generateName}${suffix(random)}`;
    if (!meta.name)
      throw invalid(kind.kind, kind.group, '', [
        {
          field: 'metadata.name',
          reason: 'FieldValueRequired',
          message: 'Required value: name or generateName is required',
        },
      ]);
    requireNamespace(kind, meta);
    // A plain error of the real server, which has no better code for it.
    if (meta.resourceVersion) throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
    // Events of the cluster's own programs, by far the most of what is made: whole as they come, and nobody asks who owns their
    // fields.
    const own = resource === 'events' && options.fieldManager === undefined;
    if (!own) checkDecodes(schemas, object, kind);
    checkFields(schemas, object, kind, options);
    if (resource === 'namespaces') object.spec ??= {};
    if (!own) complete(schemas, object, resource);
    const tooLarge = tooLargeToStore(options);
    // Before admission: what that adds belongs to nobody.
    const known = own || meta.managedFields || tooLarge;
    const owners = known ? undefined : managed(undefined, withoutStatus(object, kind), options);
    if (resource === 'pods') object = about(kind, meta.name, () => admitPod(object));
    if (resource === CLAIMS) chooseClass(object, store.list(CLASSES));
    const request = {
      kind,
      version: splitApiVersion(object.apiVersion).version,
      operation: 'CREATE' as const,
      previous: undefined,
      dryRun: options.dryRun ?? false,
      warn: options.warn ?? (() => {}),
    };
    const mutated = mutate({ ...request, object }, admission());
    const rewritten = mutated !== undefined && mutated !== object;
    if (rewritten) {
      object = copyOf(mutated);
      complete(schemas, object, resource);
      const again = object;
      if (resource === 'pods') object = about(kind, meta.name, () => admitPod(again));
    }
    options.approve?.(object, undefined);
    Object.assign(object.metadata, { uid: randomUUID(), creationTimestamp: timestamp() });
    delete object.metadata.deletionTimestamp;
    if (hasGeneration(kind)) object.metadata.generation = 1;
    prepareCreate(object, strategy(resource, kind));
    for (const text of options.warn ? warningsOf(object, resource) : []) options.warn?.(text);
    // A status that the schema gives by default is there from the start.
    if (kind.crd) complete(schemas, object, resource);
    // A built-in kind was looked at when it was read.
    if (kind.crd || rewritten) checkSchema(schemas, object, kind);
    validate({ ...request, object }, admission());
    about(kind, meta.name, () => check(resource, object, undefined, options.warn));
    if (store.get(resource, meta.namespace, meta.name))
      throw alreadyExists(qualified(kind.plural, kind.group), meta.name, detailsOf(kind, meta.name));
    if (tooLarge) throw tooLarge;
    if (owners) object.metadata.managedFields ??= owners;
    object = stored(object, kind);
    if (options.dryRun) return object;
    store.put(resource, object);
    if (resource === CRDS) customKinds.establish(object, timestamp());
    return store.get(resource, object.metadata.namespace, object.metadata.name) ?? object;
  }

  /** A pod gets its node: no webhook hears of it, and nobody owns the field. */
  function bind(resource: ResourceId, previous: KubeObject, object: KubeObject, options: WriteOptions): KubeObject {
    if (sameContent(object, previous)) return previous;
    return options.dryRun ? object : store.put(resource, object);
  }

  /** `own`: the status that a program of the cluster itself writes is complete. */
  function update(resource: ResourceId, given: KubeObject, options: WriteOptions, own = false): KubeObject {
    const kind = kindOf(resource);
    const { namespace, name } = given.metadata;
    const previous = store.get(resource, namespace, name);
    if (!previous) throw notFound(qualified(kind.plural, kind.group), name, detailsOf(kind, name));
    checkReplaces(kind, given, previous);
    let object = own ? given : partOf(previous, given, kind, options.subresource);
    if (options.subresource !== 'status' && kind.subresources.includes('status')) {
      if (previous.status === undefined) delete object.status;
      else object.status = previous.status;
    }
    if (!own) checkDecodes(schemas, object, kind);
    if (!own) checkFields(schemas, object, kind, options);
    const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation } = previous.metadata;
    Object.assign(object.metadata, { uid, creationTimestamp, resourceVersion: previous.metadata.resourceVersion });
    if (deletionTimestamp) Object.assign(object.metadata, { deletionTimestamp, deletionGracePeriodSeconds });
    if (generation !== undefined) object.metadata.generation = generation;
    else delete object.metadata.generation;
    Reflect.deleteProperty(object.metadata, 'selfLink');
    if (!own) complete(schemas, object, resource);
    if (options.subresource !== 'status') {
      const request = {
        kind,
        version: splitApiVersion(given.apiVersion).version,
        operation: 'UPDATE' as const,
        previous,
        dryRun: options.dryRun ?? false,
        warn: options.warn ?? (() => {}),
      };
      const mutated = mutate({ ...request, object }, admission());
      if (mutated && mutated !== object) object = copyOf(mutated);
      options.approve?.(object, previous);
      prepareUpdate(object, previous, { ...strategy(resource, kind), subresource: options.subresource });
      checkSchema(schemas, object, kind, previous);
      validate({ ...request, object }, admission());
      const written = object;
      about(kind, name, () => check(resource, written, previous, options.warn));
      if (generation !== undefined && specChanged(previous, object)) object.metadata.generation = generation + 1;
    }
    const tooLarge = tooLargeToStore(options);
    if (tooLarge) throw tooLarge;
    object.metadata.managedFields =
      (own || given.metadata.managedFields !== previous.metadata.managedFields) &&
      options.fieldManager === undefined &&
      given.metadata.managedFields
        ? given.metadata.managedFields
        : managed(withManagersOf(previous, given), object, options);
    if (object.metadata.managedFields?.length === 0) delete object.metadata.managedFields;
    object = stored(object, kind);
    if (sameContent(object, previous)) return previous;
    if (options.dryRun) return object;
    if (object.metadata.deletionTimestamp && !blocked(object)) {
      store.remove(resource, object);
      return object;
    }
    store.put(resource, object);
    if (resource !== CRDS) return object;
    customKinds.establish(object, timestamp());
    return store.get(resource, namespace, name) ?? object;
  }

  function remove(
    resource: ResourceId,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions = {},
  ): KubeObject | undefined {
    const kind = kindOf(resource);
    const current = store.get(resource, namespace, name);
    if (!current) return undefined;
    checkPreconditions(kind, current, options);
    if (resource === 'namespaces' && ['default', 'kube-system', 'kube-public'].includes(name))
      throw new ApiError(
        403,
        'Forbidden',
        `namespaces "${name}" is forbidden: this namespace may not be deleted`,
        detailsOf(kind, name),
      );
    if (options.dryRun) return current;
    const object = copyOf(current);
    const finalizers = new Set(object.metadata.finalizers);
    if (options.propagationPolicy === 'Foreground') finalizers.add('foregroundDeletion');
    if (options.propagationPolicy === 'Orphan') finalizers.add('orphan');
    if (finalizers.size > 0) object.metadata.finalizers = [...finalizers];
    const grace = resource === 'pods' ? podGrace(object, options) : 0;
    // The grace that is asked now counts, not the longer one of an earlier deletion: the kubelet ends it with zero.
    if (object.kind === 'Pod') object.metadata.deletionGracePeriodSeconds = grace;
    const waits = blocked(object) || resource === 'namespaces' || grace > 0;
    if (!waits) {
      store.remove(resource, object);
      if (resource === CRDS) customKinds.forget(object, timestamp());
      return object;
    }
    if (current.metadata.deletionTimestamp && (current.metadata.deletionGracePeriodSeconds ?? 0) <= grace)
      return current;
    object.metadata.deletionTimestamp = new Date(clock.now() + grace * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
    object.metadata.deletionGracePeriodSeconds = grace;
    if (object.metadata.generation !== undefined) object.metadata.generation++;
    if (resource === 'namespaces')
      object.status = { ...(isMap(object.status) ? object.status : {}), phase: 'Terminating' };
    return store.put(resource, object);
  }

  function patch(
    resource: ResourceId,
    namespace: string | undefined,
    name: string,
    type: PatchType,
    body: unknown,
    options: WriteOptions = {},
  ): KubeObject {
    const kind = kindOf(resource);
    const current = store.get(resource, namespace, name);
    if (!current) throw notFound(qualified(kind.plural, kind.group), name, detailsOf(kind, name));
    const object = patchedObject(current, type, body, { kind, schemas, options });
    return update(resource, object, options);
  }

  function apply(
    resource: ResourceId,
    given: KubeObject,
    options: WriteOptions & { fieldManager: string; force?: boolean },
  ) {
    const kind = kindOf(resource);
    const { namespace, name } = given.metadata;
    const live = store.get(resource, namespace, name);
    checkFields(schemas, given, kind, options);
    const tooLarge = tooLargeToStore(options);
    if (tooLarge) throw tooLarge;
    const typed: Typed = schemas.of(given) ?? { schema: undefined, definitions: {} };
    const merged = applyConfiguration(live, given, typed, {
      manager: options.fieldManager,
      force: options.force ?? false,
      time: timestamp(),
      ...(options.subresource ? { subresource: options.subresource } : {}),
    });
    const { fieldManager: _manager, fieldValidation: _validation, ...rest } = options;
    if (!live) return { object: create(resource, merged, rest), created: true };
    const same = sameContent(merged, live);
    return { object: same ? live : update(resource, merged, rest), created: false };
  }

  function kindOf(resource: ResourceId): KindDefinition {
    const kind = kinds.byId(resource);
    if (!kind) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
    return kind;
  }

  function requireNamespace(kind: KindDefinition, { namespace, name }: KubeObject['metadata']): void {
    if (!kind.namespaced) return;
    const found = store.get('namespaces', undefined, namespace ?? '');
    if (!found) throw notFound('namespaces', namespace ?? '', { name: namespace, kind: 'namespaces' });
    if (found.metadata.deletionTimestamp) throw beingTerminated(kind, name, namespace);
  }

  function managed(before: KubeObject | undefined, after: KubeObject, options: WriteOptions): unknown[] {
    const typed: Typed = schemas.of(after) ?? { schema: undefined, definitions: {} };
    return recordUpdate(before, after, typed, {
      manager: options.fieldManager ?? 'kube-controller-manager',
      time: timestamp(),
      ...(options.subresource ? { subresource: options.subresource } : {}),
    });
  }

  function admission(): AdmissionContext {
    return {
      caller: webhooks(),
      configurations: (plural) => store.list(`admissionregistration.k8s.io/${plural}`),
      find: (resource, namespace, name) => store.get(resource, namespace, name),
      resourceOf(apiVersion, kind) {
        const found = kinds.byKind(splitApiVersion(apiVersion).group, kind);
        return found && { resource: resourceIdOf(found.group, found.plural), namespaced: found.namespaced };
      },
      namespaceLabels: (name) => store.get('namespaces', undefined, name)?.metadata.labels ?? {},
    };
  }

  function strategy(resource: ResourceId, kind: KindDefinition): StrategyContext {
    return { list: (id) => store.list(id), random, resource, kind, now: timestamp() };
  }

  function timestamp(): string {
    return formatTime(clock.now());
  }
}
