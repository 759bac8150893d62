// Volumes, claims and the classes that they are of.
import type { KubeObject } from '../../../mesh/objects.ts';
import { parseQuantity, quantityOf } from '../../../mesh/quantity.ts';
import { isMap } from '../patch-merge.ts';
import type { Problems } from './problems.ts';
import { changed, oneOf } from './values.ts';

type Map = Record<string, unknown>;

const MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const ALONE = 'ReadWriteOncePod';
const KINDS = ['Block', 'Filesystem'];
const POLICIES = ['Delete', 'Recycle', 'Retain'];
/** Fields of a volume that are not where it lies. */
const PLAIN = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

/** At its spec. */
export function checkVolume(object: KubeObject, before: KubeObject | undefined, problems: Problems): void {
  const spec = mapOf(object.spec);
  checkModes(spec.accessModes, '', problems.at('accessModes'));
  const capacity = mapOf(spec.capacity);
  const at = problems.at('capacity');
  if (Object.keys(capacity).length === 0) at.required();
  if (capacity.storage === undefined || Object.keys(capacity).length > 1)
    at.notSupported(spec.capacity ?? null, ['storage']);
  for (const [name, size] of Object.entries(capacity)) checkPositive(size, at.key(name));
  oneOf(spec.persistentVolumeReclaimPolicy, POLICIES, problems.at('persistentVolumeReclaimPolicy'));
  const [source, ...more] = sourcesOf(spec);
  if (source === undefined) problems.required('must specify a volume type');
  for (const extra of more) problems.at(extra).forbidden('may not specify more than 1 volume type');
  for (const place of ['hostPath', 'local'])
    if (isMap(spec[place]) && !spec[place].path) problems.at(place, 'path').required();
  if (isMap(spec.local) && !isMap(mapOf(spec.nodeAffinity).required))
    problems.at('nodeAffinity').required('Local volume requires node affinity');
  oneOf(spec.volumeMode, KINDS, problems.at('volumeMode'));
  const old = mapOf(before?.spec);
  if (before && JSON.stringify(sourceOf(spec)) !== JSON.stringify(sourceOf(old)))
    problems.at('persistentvolumesource').forbidden('spec.persistentvolumesource is immutable after creation');
}

/** At its spec. */
export function checkClaim(object: KubeObject, before: KubeObject | undefined, problems: Problems): void {
  const spec = mapOf(object.spec);
  checkClaimSpec(spec, problems);
  const [old, status] = [mapOf(before?.spec), mapOf(before?.status)];
  const bound = status.phase === 'Bound';
  // Its volume is written into it by whoever binds it, and a class that it left to the cluster.
  const open = [
    'volumeName',
    ...(bound ? ['resources', 'volumeAttributesClassName'] : []),
    ...(old.storageClassName === undefined ? ['storageClassName'] : []),
  ];
  if (before && changed(spec, old, open))
    problems.forbidden(
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    );
  const [asked, had, has] = [sizeOf(spec), sizeOf(old), quantityOf(mapOf(status.capacity).storage)];
  if (bound && asked < had && asked <= has)
    problems.at('resources', 'requests', 'storage').forbidden('field can not be less than status.capacity');
}

/** Of a claim, or of a template of claims. */
export function checkClaimSpec(spec: Map, problems: Problems): void {
  checkModes(spec.accessModes, 'at least 1 access mode is required', problems.at('accessModes'));
  const size = mapOf(mapOf(spec.resources).requests).storage;
  const at = problems.at('resources').key('storage');
  if (size === undefined) at.required();
  else checkPositive(size, at);
  oneOf(spec.volumeMode, KINDS, problems.at('volumeMode'));
}

export function checkStorageClass(object: KubeObject, before: KubeObject | undefined, problems: Problems): void {
  if (!object.provisioner) problems.at('provisioner').required();
  oneOf(object.reclaimPolicy, ['Delete', 'Retain'], problems.at('reclaimPolicy'));
  oneOf(object.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer'], problems.at('volumeBindingMode'));
  if (!before) return;
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy'])
    if (JSON.stringify(object[field]) !== JSON.stringify(before[field]))
      problems.at(field).forbidden(`updates to ${field} are forbidden.`);
}

function checkModes(modes: unknown, missing: string, problems: Problems): void {
  const given: unknown[] = Array.isArray(modes) ? modes : [];
  if (given.length === 0) problems.required(missing);
  for (const mode of given) oneOf(mode, MODES, problems);
  const others = given.some((mode) => mode !== ALONE && MODES.includes(String(mode)));
  if (given.includes(ALONE) && others) problems.forbidden(`may not use ${ALONE} with other access modes`);
}

function checkPositive(size: unknown, problems: Problems): void {
  if ((parseQuantity(size) ?? 0) <= 0) problems.invalid(String(size), 'must be greater than zero');
}

function sizeOf(spec: Map): number {
  return quantityOf(mapOf(mapOf(spec.resources).requests).storage);
}

function sourcesOf(spec: Map): string[] {
  return Object.keys(spec).filter((key) => !PLAIN.has(key) && isMap(spec[key]));
}

function sourceOf(spec: Map): unknown {
  const [name = ''] = sourcesOf(spec);
  return [name, spec[name]];
}

const mapOf = (value: unknown): Map => (isMap(value) ? value : {});
