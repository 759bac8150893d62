// The one program of the cluster that can be set up wrong here: Flannel, whose range must hold those of the nodes.
import type { KubeObject } from '../../mesh/objects.ts';
import type { ContainerContext, WorkloadModel } from '../contract.ts';

export const flanneld: WorkloadModel = (context) => {
  // Its image also serves an init container, which copies a file and ends.
  const trouble = context.containerName === 'kube-flannel' ? leaseTrouble(context) : undefined;
  if (trouble !== undefined) {
    context.log(`E main.go:359] Error registering network: failed to acquire lease: ${trouble}`);
    context.exit?.(1);
  }
  return { ports: {} };
};

function leaseTrouble({ pod, api }: ContainerContext): string | undefined {
  const { nodeName = '' } = (pod.spec ?? {}) as { nodeName?: string };
  const node = api?.get('nodes', undefined, nodeName);
  if (!node) return undefined;
  const { podCIDR } = (node.spec ?? {}) as { podCIDR?: string };
  if (!podCIDR) return `node "${nodeName}" pod cidr not assigned`;
  const network = networkOf(api?.get('configmaps', pod.metadata.namespace, 'kube-flannel-cfg'));
  if (network === undefined || contains(network, podCIDR)) return undefined;
  return `subnet "${network}" specified in the flannel net config doesn't contain "${podCIDR}" PodCIDR of the "${nodeName}" node`;
}

function networkOf(config: KubeObject | undefined): string | undefined {
  const data = (config?.data ?? {}) as Record<string, string>;
  try {
    const { Network } = JSON.parse(data['net-conf.json'] ?? '{}') as { Network?: unknown };
    return typeof Network === 'string' ? Network : undefined;
  } catch {
    return undefined;
  }
}

function contains(network: string, range: string): boolean {
  const [base = '', bits = '0'] = network.split('/');
  const [inner = '', innerBits = '0'] = range.split('/');
  const prefix = (address: string) =>
    Math.floor(address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) / 2 ** (32 - Number(bits)));
  return Number(innerBits) >= Number(bits) && prefix(base) === prefix(inner);
}
