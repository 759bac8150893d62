// The nodes of the «Clúster» view and what each says. A node is a name; what it says is looked up when it is drawn. Does not
// know `vscode`.
import type { NamespaceFact } from '../../views/inventory/inventory.ts';
import type { ClusterSnapshot } from '../cluster/cluster-session.ts';
import type { Inventory } from '../cluster/inventory-reader.ts';
import type { CommandName } from '../commands/command-table.ts';
import { t } from '../l10n.ts';
import { clusterName } from './cluster-name.ts';

export type ClusterNode = { id: string } & (
  | { type: 'cluster' | 'entry' | 'kubeconfig' | 'nodes' }
  | { type: 'node'; name: string }
  | { type: 'namespace'; namespace: string }
  | { type: 'service' | 'proxy'; namespace: string; name: string }
);

export interface ClusterFace {
  label: string;
  description: string;
  tooltip: string;
  /** A codicon. */
  icon: string;
  /** Something does not work. */
  troubled: boolean;
  command?: CommandName;
  children: boolean;
}

export interface ClusterSight {
  cluster: Pick<ClusterSnapshot, 'access' | 'identity'>;
  inventory: Inventory | undefined;
}

/** None while no cluster runs: then the welcome text says what to do. */
export function clusterRoots({ cluster, inventory }: ClusterSight): ClusterNode[] {
  const { access } = cluster;
  if (!access) return [];
  const namespaces = inventory?.live || inventory?.namespaces.size ? shownNamespaces(inventory) : [];
  return [
    { type: 'cluster', id: 'cluster' },
    ...(access.entry ? [{ type: 'entry' as const, id: 'entry' }] : []),
    { type: 'kubeconfig', id: 'kubeconfig' },
    ...(inventory?.nodes.length ? [{ type: 'nodes' as const, id: 'nodes' }] : []),
    ...namespaces.map(({ name }) => ({ type: 'namespace' as const, id: namespaceId(name), namespace: name })),
  ];
}

export const namespaceId = (name: string): string => `namespace/${name}`;

export function clusterChildren(node: ClusterNode, { inventory }: ClusterSight): ClusterNode[] {
  if (node.type === 'nodes')
    return (inventory?.nodes ?? []).map(({ name }) => ({ type: 'node', id: `node/${name}`, name }));
  if (node.type !== 'namespace') return [];
  const { services = [], proxies = [] } = inventory?.namespaces.get(node.namespace) ?? {};
  const { namespace } = node;
  return [
    ...services.map(({ name }) => ({ type: 'service' as const, id: `service/${namespace}/${name}`, namespace, name })),
    ...proxies.map(({ pod }) => ({ type: 'proxy' as const, id: `proxy/${namespace}/${pod}`, namespace, name: pod })),
  ];
}

export function clusterFace(node: ClusterNode, sight: ClusterSight): ClusterFace {
  switch (node.type) {
    case 'cluster':
    case 'entry':
    case 'kubeconfig':
      return accessFace(node.type, sight.cluster);
    case 'nodes': {
      const nodes = sight.inventory?.nodes ?? [];
      const ready = nodes.filter((n) => n.ready).length;
      const description = t('{0} de {1} listos', ready, nodes.length);
      return face(t('Nodos'), description, 'server', { troubled: ready < nodes.length, children: true });
    }
    case 'node': {
      const found = sight.inventory?.nodes.find(({ name }) => name === node.name);
      const state = found?.ready ? t('listo') : t('sin estar listo');
      const facts = [state, ...(found?.roles ?? []), found?.version ?? ''].filter(Boolean);
      return face(node.name, facts.join(' · '), 'vm', { troubled: !found?.ready });
    }
    case 'namespace':
      return namespaceFace(node.namespace, sight.inventory?.namespaces.get(node.namespace));
    case 'service':
      return serviceFace(node.name, sight.inventory?.namespaces.get(node.namespace));
    case 'proxy':
      return proxyFace(node.name, sight.inventory?.namespaces.get(node.namespace));
  }
}

function accessFace(
  type: 'cluster' | 'entry' | 'kubeconfig',
  { access, identity }: ClusterSight['cluster'],
): ClusterFace {
  if (type === 'entry')
    return face(t('Entrada'), access?.entry ?? '', 'globe', {
      command: 'openEntry',
      tooltip: t('La pasarela de entrada de la malla. Pulsa para abrir la página en el navegador.'),
    });
  if (type === 'kubeconfig')
    return face('kubeconfig', access?.kubeconfig ?? '', 'key', {
      command: 'copyKubeconfig',
      tooltip: t('{0}\nPulsa para copiar la ruta. Los terminales de Malla ya la usan.', access?.kubeconfig ?? ''),
    });
  const simulated = identity.kind === 'embebido';
  return face(clusterName(identity), simulated ? t('simulador, en marcha') : t('en marcha'), 'server-process', {
    command: 'chooseCluster',
    tooltip: simulated
      ? t('Un clúster de Kubernetes simulado, en tu máquina y sin salir de ella. Pulsa para elegir otro.')
      : t('Un clúster de verdad{0}. Pulsa para elegir otro.', identity.server ? `, ${identity.server}` : ''),
  });
}

function namespaceFace(name: string, fact: NamespaceFact | undefined): ClusterFace {
  const { pods = 0, ready = 0, injected = false } = fact ?? {};
  const count = pods === 0 ? t('sin pods') : t('{0} de {1} pods listos', ready, pods);
  return face(name, injected ? `${count} · ${t('con inyección')}` : count, 'symbol-namespace', {
    troubled: ready < pods,
    children: (fact?.services.length ?? 0) + (fact?.proxies.length ?? 0) > 0,
    tooltip: injected
      ? t('{0}: {1}. Los pods nuevos reciben un sidecar.', name, count)
      : t('{0}: {1}. Los pods nuevos no reciben sidecar.', name, count),
  });
}

function serviceFace(name: string, fact: NamespaceFact | undefined): ClusterFace {
  const found = fact?.services.find((service) => service.name === name);
  const { type = '', ports = [], pods = 0, ready = 0 } = found ?? {};
  const behind = pods === 0 ? t('sin pods') : t('{0} de {1} pods', ready, pods);
  return face(name, [type, ports.join(', '), behind].filter(Boolean).join(' · '), 'symbol-interface', {
    troubled: pods > 0 && ready === 0,
    tooltip: t('Servicio {0}: {1}', name, behind),
  });
}

function proxyFace(pod: string, fact: NamespaceFact | undefined): ClusterFace {
  const found = fact?.proxies.find((proxy) => proxy.pod === pod);
  const kind = found?.kind === 'pasarela' ? t('pasarela') : 'sidecar';
  const state = found?.ready ? '' : t('sin estar listo');
  const facts = [kind, found?.version ?? '', found?.node ?? '', state].filter(Boolean);
  return face(pod, facts.join(' · '), found?.kind === 'pasarela' ? 'sign-in' : 'shield', {
    troubled: !found?.ready,
    tooltip: t('Proxy de {0}. Con el menú: su registro de acceso y sus rutas.', pod),
  });
}

/** Of the system last; those of the system in which there is nothing, not at all. */
function shownNamespaces({ namespaces }: Inventory): NamespaceFact[] {
  const rank = ({ name }: NamespaceFact): number =>
    /^kube-|^local-path/.test(name) ? 2 : name === 'istio-system' ? 1 : 0;
  return [...namespaces.values()]
    .filter((fact) => rank(fact) < 2 || fact.pods > 0)
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function face(label: string, description: string, icon: string, rest: Partial<ClusterFace> = {}): ClusterFace {
  return { label, description, icon, tooltip: `${label}: ${description}`, troubled: false, children: false, ...rest };
}
