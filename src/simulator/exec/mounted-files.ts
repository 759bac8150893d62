// Files of the ConfigMaps and Secrets that a container mounts.
import type { KubeObject } from '../../mesh/objects.ts';
import type { ContainerContext } from '../contract.ts';

interface Spec {
  volumes?: { name: string; configMap?: { name?: string }; secret?: { secretName?: string } }[];
  containers?: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
}

interface Container {
  name: string;
  volumeMounts?: { name: string; mountPath: string; subPath?: string }[];
}

/** Path and content, as they were when somebody first looked. */
export function mountedFiles(context: ContainerContext | undefined): [string, string][] {
  if (!context) return [];
  const {
    volumes = [],
    containers = [],
    initContainers = [],
    ephemeralContainers = [],
  } = (context.pod.spec ?? {}) as Spec;
  const own = [...containers, ...initContainers, ...ephemeralContainers].find((c) => c.name === context.containerName);
  const { namespace = 'default' } = context.pod.metadata;
  return (own?.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }): [string, string][] => {
    const volume = volumes.find((v) => v.name === name);
    const folder = mountPath.replace(/\/+$/, '');
    const files: [string, string][] = entries(context, namespace, volume);
    if (subPath === undefined) return files.map(([file, content]) => [`${folder}/${file}`, content]);
    return files.flatMap(([file, content]) => (file === subPath ? [[folder, content] as [string, string]] : []));
  });
}

function entries(
  { api }: ContainerContext,
  namespace: string,
  volume: { configMap?: { name?: string }; secret?: { secretName?: string } } | undefined,
): [string, string][] {
  if (volume?.configMap?.name) return dataOf(api?.get('configmaps', namespace, volume.configMap.name), 'utf8');
  if (volume?.secret?.secretName) return dataOf(api?.get('secrets', namespace, volume.secret.secretName), 'base64');
  return [];
}

function dataOf(object: KubeObject | undefined, encoding: 'utf8' | 'base64'): [string, string][] {
  const data = (object?.data ?? {}) as Record<string, unknown>;
  return Object.entries(data).map(([name, value]) => [name, Buffer.from(String(value), encoding).toString('utf8')]);
}
