import type { KubeObject } from '../../../mesh/objects.ts';

/** ENABLE_NATIVE_SIDECARS, by default `auto`: when every kubelet is 1.33 or newer. */
export function nativeSidecars(setting: string | undefined, nodes: readonly KubeObject[]): boolean {
  if (setting === 'true' || setting === 'false') return setting === 'true';
  return nodes.every((node) => {
    const info = (node.status as { nodeInfo?: { kubeletVersion?: string } } | undefined)?.nodeInfo;
    const [, major, minor] = /^v(\d+)\.(\d+)/.exec(info?.kubeletVersion ?? '') ?? [];
    return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 33);
  });
}
