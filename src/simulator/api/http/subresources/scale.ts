// The Scale of whatever has replicas: workloads, and custom resources that say where theirs are.
import type { KubeObject } from '../../../../mesh/objects.ts';
import { badRequest, conflict, invalid, qualified } from '../../errors.ts';
import { jsonPatch } from '../../patch-json.ts';
import { mergePatch } from '../../patch-merge.ts';
import { selectorText } from '../../tables/column.ts';
import { isMap, parseYaml } from '../body.ts';
import type { ResourceRequest } from '../context.ts';
import { existing, missing } from '../objects.ts';
import { patchBody, patchType } from '../patch.ts';
import { writeOptions } from '../query-options.ts';
import { decodedObject } from '../received.ts';
import { dataReply } from '../represent.ts';
import type { Subresource } from './subresource.ts';

export const scale: Subresource = {
  name: 'scale',
  of: (kind) => kind.subresources.includes('scale'),
  answers: () => ({ group: 'autoscaling', version: 'v1', kind: 'Scale' }),
  get: (r) => dataReply(r, scaleOf(r, existing(r))),
  async update(r) {
    existing(r);
    return write(r, await decodedObject(r), 'UpdateOptions');
  },
  async patch(r) {
    const type = patchType(r);
    const current = structuredClone(scaleOf(r, existing(r)));
    const changed =
      type === 'json'
        ? jsonPatch(current, patchBody(r))
        : mergePatch(current, type === 'apply' ? await parseYaml(r.request.body) : patchBody(r));
    return write(r, changed, 'PatchOptions');
  },
};

function write(r: ResourceRequest, given: unknown, optionsKind: 'UpdateOptions' | 'PatchOptions') {
  const options = { ...writeOptions(r, optionsKind), subresource: 'scale' as const };
  const { registry } = r.context;
  if (!isMap(given) || !isMap(given.spec ?? {})) throw badRequest('the object provided is not a Scale');
  const replicas = isMap(given.spec) ? (given.spec.replicas ?? 0) : 0;
  const name = r.name ?? '';
  if (!Number.isInteger(replicas) || Number(replicas) < 0) {
    throw invalid('Scale', 'autoscaling', name, [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.replicas',
        message: `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
      },
    ]);
  }
  checkVersion(r, given);
  const path = replicasPath(r, 'specReplicasPath') ?? ['spec', 'replicas'];
  const written = registry.edit(r.resource, r.namespace, name, (copy) => setAt(copy, path, replicas), options);
  if (!written) throw missing(r);
  return dataReply(r, scaleOf(r, written));
}

function checkVersion(r: ResourceRequest, given: Record<string, unknown>): void {
  const asked = isMap(given.metadata) ? given.metadata.resourceVersion : undefined;
  if (typeof asked !== 'string' || asked === '' || asked === existing(r).metadata.resourceVersion) return;
  throw conflict(
    qualified(r.kind.plural, r.kind.group),
    r.name ?? '',
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

function scaleOf(r: ResourceRequest, object: KubeObject): Record<string, unknown> {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = isMap(object.spec) ? object.spec.selector : undefined;
  const custom = replicasPath(r, 'labelSelectorPath');
  const selectorString = custom ? valueAt(object, custom) : selector ? selectorText(selector) : undefined;
  const replicas = valueAt(object, replicasPath(r, 'specReplicasPath') ?? ['spec', 'replicas']);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    // Go leaves a zero out.
    spec: replicas ? { replicas } : {},
    status: {
      replicas: valueAt(object, replicasPath(r, 'statusReplicasPath') ?? ['status', 'replicas']) ?? 0,
      ...(selectorString === undefined ? {} : { selector: selectorString }),
    },
  };
}

/** Where a custom resource keeps it: `.spec.replicas`. Undefined for built-in kinds. */
function replicasPath(r: ResourceRequest, field: string): string[] | undefined {
  const spec = r.kind.crd?.spec as { versions?: { name: string; subresources?: { scale?: Record<string, string> } }[] };
  const path = spec?.versions?.find((v) => v.name === r.version)?.subresources?.scale?.[field];
  return path?.split('.').filter((step) => step !== '');
}

function valueAt(object: unknown, path: string[]): unknown {
  return path.reduce<unknown>((value, step) => (isMap(value) ? value[step] : undefined), object);
}

function setAt(object: Record<string, unknown>, path: string[], value: unknown): void {
  const last = path.at(-1) ?? '';
  let holder = object;
  for (const step of path.slice(0, -1)) {
    if (!isMap(holder[step])) holder[step] = {};
    holder = holder[step] as Record<string, unknown>;
  }
  holder[last] = value;
}
