// Files of the cluster's objects that a container mounts: ConfigMaps, Secrets, the pod's own fields, a token.
import { posix } from 'node:path';
import type { KubeObject } from '../../mesh/objects.ts';
import type { ContainerContext } from '../contract.ts';
import type { Pod } from '../controllers/kinds.ts';
import { fieldOf } from '../nodes/environment.ts';

type Entries = [path: string, content: string][];

/** Path in the container and content, as they are now. */
export function mountedFiles(context: ContainerContext | undefined): Entries {
  return objectMounts(context).flatMap(({ at, entries }) => entries().map(([path, text]) => [`${at}${path}`, text]));
}

export interface ObjectMount {
  /** Path in the container, without a slash at its end. */
  at: string;
  /** Paths below it: '' is the mount itself, which with subPath may be one file. */
  entries(): Entries;
  /** One file or folder of a volume does not change any more once it is mounted. */
  still: boolean;
}

export function objectMounts(context: ContainerContext | undefined): ObjectMount[] {
  if (!context) return [];
  const spec = (context.pod.spec ?? {}) as Spec;
  const own = [spec.containers, spec.initContainers, spec.ephemeralContainers]
    .flatMap((list) => list ?? [])
    .find((c) => c.name === context.containerName);
  return (own?.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }): ObjectMount[] => {
    const volume = spec.volumes?.find((v) => v.name === name);
    const sources = volume ? sourcesOf(volume) : [];
    if (sources.length === 0) return [];
    const all = () => sources.flatMap((source) => filesOf(context, source));
    const inside = posix.resolve('/', subPath ?? '');
    const entries = () => (inside === '/' ? all() : below(all(), inside));
    return [{ at: mountPath.replace(/\/+$/, ''), entries, still: subPath !== undefined }];
  });
}

function below(entries: Entries, folder: string): Entries {
  return entries.flatMap(([path, content]): Entries => {
    if (path !== folder && !path.startsWith(`${folder}/`)) return [];
    return [[path.slice(folder.length), content]];
  });
}

function sourcesOf({ configMap, secret, downwardAPI, projected }: Volume): Source[] {
  if (projected) return projected.sources ?? [];
  if (configMap) return [{ configMap }];
  if (secret) return [{ secret: { ...secret, name: secret.secretName } }];
  return downwardAPI ? [{ downwardAPI }] : [];
}

function filesOf(context: ContainerContext, source: Source): Entries {
  const { api, pod } = context;
  const { namespace = 'default' } = pod.metadata;
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  const of = (resource: string, name = '') => api?.get(resource, namespace, name);
  if (configMap) return chosen(dataOf(of('configmaps', configMap.name), 'utf8'), configMap.items);
  if (secret) return chosen(dataOf(of('secrets', secret.name), 'base64'), secret.items);
  if (downwardAPI) return (downwardAPI.items ?? []).map((item) => [`/${item.path}`, fieldText(pod, item.fieldRef)]);
  if (!serviceAccountToken) return [];
  const { path, audience, expirationSeconds } = serviceAccountToken;
  const token = context.accountToken?.(audience, expirationSeconds ?? 3600);
  return token === undefined ? [] : [[`/${path}`, token]];
}

function dataOf(object: KubeObject | undefined, encoding: 'utf8' | 'base64'): Entries {
  const data = (object?.data ?? {}) as Record<string, unknown>;
  return Object.entries(data).map(([name, value]) => [name, Buffer.from(String(value), encoding).toString('utf8')]);
}

/** All keys by their names, or only those that are wanted, by the paths that are given. */
function chosen(data: Entries, items: { key: string; path: string }[] | undefined): Entries {
  if (!items) return data.map(([key, content]) => [`/${key}`, content]);
  const byKey = new Map(data);
  return items.flatMap(({ key, path }): Entries => {
    const content = byKey.get(key);
    return content === undefined ? [] : [[posix.resolve('/', path), content]];
  });
}

/** Labels and annotations a line each, in the order of their keys, as the kubelet writes them. */
function fieldText(pod: KubeObject, ref: { fieldPath: string } | undefined): string {
  const path = ref?.fieldPath ?? '';
  if (path !== 'metadata.labels' && path !== 'metadata.annotations') return fieldOf(pod as Pod, path);
  const map = path === 'metadata.labels' ? pod.metadata.labels : pod.metadata.annotations;
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}

interface Spec {
  volumes?: Volume[];
  containers?: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
}

interface Container {
  name: string;
  volumeMounts?: { name: string; mountPath: string; subPath?: string }[];
}

interface Items {
  items?: { key: string; path: string }[];
}

interface Source {
  configMap?: Items & { name?: string };
  secret?: Items & { name?: string | undefined };
  downwardAPI?: { items?: { path: string; fieldRef?: { fieldPath: string } }[] };
  serviceAccountToken?: { path: string; audience?: string; expirationSeconds?: number };
}

interface Volume extends Pick<Source, 'configMap' | 'downwardAPI'> {
  name: string;
  secret?: Items & { secretName?: string };
  projected?: { sources?: Source[] };
}
