import { machinesQuery } from '../../cluster/machines/watch-machines.ts';
import { type ClusterNode, countNodes, isReadyNode, type NodesSeen, nodesAreRight } from '../../diagnosis/nodes.ts';
import type { NodesPattern } from '../../labs/check-kinds/nodos.ts';
import type { CheckKind } from '../check-kind.ts';
import { evidenceOf } from '../evidence.ts';

export const nodos: CheckKind<'nodos'> = {
  // Nodes that are not ready are what it judges, so that the health of the cluster cannot come first.
  looksAt: 'resources',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, { cluster }) {
    const [nodes, known] = await Promise.all([
      cluster.client.list({ apiVersion: 'v1', kind: 'Node' }) as Promise<ClusterNode[]>,
      cluster.machines?.(),
    ]);
    const seen = countNodes(nodes, known?.machines ?? [], pattern);
    return {
      expected: expectation(pattern),
      observed: summary(seen, pattern),
      evidence: evidenceOf(nodes),
      ...(nodesAreRight(seen, pattern)
        ? {}
        : { symptom: { type: 'nodos', pattern, ...(known ? { machines: known.machines } : {}) } }),
    };
  },
  watches: ({ pattern }) => [
    ...(pattern.prepared ? [machinesQuery] : []),
    { apiVersion: 'v1', kind: 'Node' },
    { apiVersion: 'v1', kind: 'Pod' },
  ],
};

function expectation({ atLeast, names, roles, ready, prepared, version, runtime }: NodesPattern): string {
  const what = prepared
    ? ['máquina preparada', 'máquinas preparadas']
    : ready
      ? ['nodo listo', 'nodos listos']
      : ['nodo', 'nodos'];
  const named = names.length > 0 ? `, entre ellos ${names.join(', ')}` : '';
  const asked = Object.entries(roles).map(([role, count]) => `, con ${count} de papel ${role}`);
  const versions = [version && `, versión ${version}`, runtime && `, runtime ${runtime}`].filter(Boolean);
  return `al menos ${atLeast} ${atLeast === 1 ? what[0] : what[1]}${named}${asked.join('')}${versions.join('')}`;
}

function summary({ nodes, counted }: NodesSeen, { prepared }: NodesPattern): string {
  const ready = nodes.filter(isReadyNode).length;
  const names = nodes.map((n) => `${n.metadata.name} ${isReadyNode(n) ? 'listo' : 'sin estar listo'}`).join(', ');
  const many =
    nodes.length === 0 ? 'ningún nodo' : `${nodes.length} ${nodes.length === 1 ? 'nodo' : 'nodos'} (${names})`;
  if (!prepared) return many;
  return `${counted.length} ${counted.length === 1 ? 'preparada' : 'preparadas'}${ready > 0 ? `; ${many}` : ''}`;
}
