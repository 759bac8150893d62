// Where a request goes, in steps: the destination drawn, its subset, its endpoint.
import type { Cluster } from './clusters.ts';
import type { Outcome, Step } from './decision.ts';
import type { Destination } from './destinations.ts';
import type { Trace } from './trace.ts';
import type { Weights } from './weights.ts';

export function destinationSteps(
  weights: Weights,
  destinations: readonly Destination[],
  trace: Trace,
  outcome: Outcome,
): Step[] {
  const destination = destinations[trace.destination];
  if (!destination) return [{ kind: 'destination', result: 'none', facts: { total: weights.total } }];
  const { source, host, subset, cluster } = destination;
  const drawn = trace.draw >= 0;
  const facts = {
    host,
    ...(subset && { subset }),
    ...(drawn && { weight: destination.weight, total: weights.total, draw: trace.draw }),
  };
  const steps: Step[] = [{ kind: 'destination', result: drawn ? 'drawn' : 'only', source, facts }];
  if (typeof cluster === 'string') {
    const kind = cluster === 'subset-not-found' ? 'subset' : 'destination';
    return [...steps, { kind, result: cluster, source, facts: { host, ...(subset && { subset }) } }];
  }
  if (cluster.subsetSource) {
    const about = { subset: cluster.subset ?? '', labels: cluster.subsetLabels ?? '', pods: cluster.endpoints.length };
    steps.push({ kind: 'subset', result: 'found', source: cluster.subsetSource, facts: about });
  }
  return [...steps, endpointStep(cluster, trace.endpoint, outcome)];
}

export function endpointStep(cluster: Cluster, index: number, outcome: Outcome): Step {
  const { name, endpoints, balance, original } = cluster;
  const endpoint = original && outcome.kind === 'forward' ? outcome.endpoint : endpoints[index];
  const facts = { cluster: name, candidates: endpoints.length, balance };
  if (!endpoint) return { kind: 'endpoint', result: 'none', facts };
  const result = original ? 'original' : endpoints.length === 1 ? 'only' : 'drawn';
  return { kind: 'endpoint', result, facts: { ...facts, pod: endpoint.pod, address: endpoint.address } };
}
