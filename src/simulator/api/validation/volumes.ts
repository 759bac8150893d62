// The volumes of a pod.
import { isMap } from '../patch-merge.ts';
import { complain } from './metadata.ts';
import { dnsLabel } from './names.ts';
import type { Problems } from './problems.ts';

/** The names that containers may mount. */
export function checkVolumes(volumes: unknown, problems: Problems): Set<string> {
  const names = new Set<string>();
  (Array.isArray(volumes) ? volumes.filter(isMap) : []).forEach((volume, i) => {
    const at = problems.at(i);
    const { name, ...sources } = volume;
    const given = Object.keys(sources).filter((key) => sources[key] !== undefined && sources[key] !== null);
    // In the order in which the API server looks at them.
    const [first, ...more] = given.toSorted((a, b) => orderOf(a) - orderOf(b));
    if (first === undefined) at.required('must specify a volume type');
    for (const extra of more) at.at(extra).forbidden('may not specify more than 1 volume type');
    if (typeof name !== 'string' || name === '') at.at('name').required();
    else if (dnsLabel(name).length > 0) complain(at.at('name'), name, dnsLabel(name));
    else if (names.has(name)) at.at('name').duplicate(name);
    else names.add(name);
  });
  return names;
}

const order = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'secret',
  'nfs',
  'iscsi',
  'persistentVolumeClaim',
  'flexVolume',
  'configMap',
  'projected',
  'csi',
  'ephemeral',
  'image',
];

function orderOf(source: string): number {
  const at = order.indexOf(source);
  return at < 0 ? order.length : at;
}
