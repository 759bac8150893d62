import type { Page } from './page.ts';

export interface VolumeSpec {
  name: string;
  emptyDir?: { medium?: string; sizeLimit?: string };
  configMap?: { name?: string; optional?: boolean };
  secret?: { secretName?: string; optional?: boolean };
  hostPath?: { path: string; type?: string };
  persistentVolumeClaim?: { claimName: string; readOnly?: boolean };
  downwardAPI?: { items?: DownwardItem[] };
  projected?: { sources?: ProjectedSource[] };
}

interface DownwardItem {
  path: string;
  fieldRef?: { fieldPath: string };
}

interface ProjectedSource {
  serviceAccountToken?: { expirationSeconds?: number };
  configMap?: { name?: string; optional?: boolean };
  secret?: { name?: string; optional?: boolean };
  downwardAPI?: { items?: DownwardItem[] };
}

export function addVolumes(page: Page, level: number, volumes: VolumeSpec[], inTemplate: boolean): void {
  if (volumes.length === 0) {
    page.field(level, 'Volumes', '<none>');
    return;
  }
  page.line(level, 'Volumes:');
  for (const volume of volumes) {
    page.line(level, `${inTemplate ? ' ' : '  '}${volume.name}:`);
    addVolume(page, 2, volume);
  }
}

function addVolume(page: Page, level: number, volume: VolumeSpec): void {
  const { emptyDir, configMap, secret, hostPath, persistentVolumeClaim, downwardAPI, projected } = volume;
  const type = (text: string) => page.field(level, 'Type', text);
  if (emptyDir) {
    type("EmptyDir (a temporary directory that shares a pod's lifetime)");
    page.field(level, 'Medium', emptyDir.medium ?? '');
    page.field(level, 'SizeLimit', emptyDir.sizeLimit ?? '<unset>');
  } else if (configMap) {
    type('ConfigMap (a volume populated by a ConfigMap)');
    page.field(level, 'Name', configMap.name ?? '');
    page.field(level, 'Optional', configMap.optional ?? false);
  } else if (secret) {
    type('Secret (a volume populated by a Secret)');
    page.field(level, 'SecretName', secret.secretName ?? '');
    page.field(level, 'Optional', secret.optional ?? false);
  } else if (hostPath) {
    type('HostPath (bare host directory volume)');
    page.field(level, 'Path', hostPath.path);
    page.field(level, 'HostPathType', hostPath.type ?? '');
  } else if (persistentVolumeClaim) {
    type('PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)');
    page.field(level, 'ClaimName', persistentVolumeClaim.claimName);
    page.field(level, 'ReadOnly', persistentVolumeClaim.readOnly ?? false);
  } else if (downwardAPI) {
    type('DownwardAPI (a volume populated by information about the pod)');
    page.line(level, 'Items:');
    for (const { fieldRef, path } of downwardAPI.items ?? [])
      page.line(level + 1, `${fieldRef?.fieldPath ?? ''} -> ${path}`);
  } else if (projected) {
    type('Projected (a volume that contains injected data from multiple sources)');
    for (const source of projected.sources ?? []) addSource(page, level, source);
  } else type('<unknown>');
}

function addSource(
  page: Page,
  level: number,
  { serviceAccountToken, configMap, secret, downwardAPI }: ProjectedSource,
): void {
  if (serviceAccountToken) page.field(level, 'TokenExpirationSeconds', serviceAccountToken.expirationSeconds ?? 3600);
  if (downwardAPI) page.field(level, 'DownwardAPI', true);
  const named = configMap ?? secret;
  if (!named) return;
  page.field(level, configMap ? 'ConfigMapName' : 'SecretName', named.name ?? '');
  page.field(level, 'Optional', named.optional ?? false);
}
