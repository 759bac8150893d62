// `malla hechos`: the objects that decide routing, and the shapes of Istio's kinds, as lines of JSON that go on while they
// change. The editor's help on YAML lives on this.
import type { Command } from 'commander';
import type { KubeClient, KubeEvent } from '../../cluster/contract.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, items, text } from '../../mesh/read.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import type { Invocation } from '../host.ts';
import { untilClosed } from '../until-closed.ts';

export function factsCommand(program: Command, { host }: Invocation): void {
  withAccessOptions(
    program
      .command('hechos', { hidden: true })
      .description('los objetos de la malla en líneas de JSON, para el editor; hasta que se cierre la entrada'),
  ).action(async (options: AccessOptions) => {
    const { client } = await reachCluster(host, options);
    const stops: Stop[] = [];
    try {
      await tellFacts(client, stops, (line) => host.stdout.write(`${JSON.stringify(line)}\n`));
      await untilClosed(host);
    } finally {
      for (const stop of stops) stop();
      host.stdin.pause();
    }
  });
}

type Stop = () => void;

export type FactsLine =
  | { event: 'object'; type: KubeEvent['type']; object: KubeObject }
  | { event: 'crd'; crd: unknown }
  /** Everything that there was has been told. */
  | { event: 'live' };

const core = ['Namespace', 'Service', 'Pod'];
const meshGroups = /(?:^|\.)istio\.io$|^gateway\.networking\.k8s\.io$/;
const unneeded = new Set(['install.istio.io', 'extensions.istio.io']);

/** Rejects with ClusterError when the cluster does not answer at first. `stops` gets what ends each watch. */
export async function tellFacts(client: KubeClient, stops: Stop[], tell: (line: FactsLine) => void): Promise<void> {
  const watchKind = async (apiVersion: string, kind: string): Promise<void> => {
    const onEvent = ({ type, object }: KubeEvent) => tell({ event: 'object', type, object: trimmed(object) });
    stops.push(await client.watch({ apiVersion, kind }, onEvent));
  };
  const kinds = new Set<string>();
  const first: Promise<void>[] = [];
  const onCrd = ({ type, object }: KubeEvent): void => {
    const { group, names, versions } = fields(object.spec);
    const [ownGroup, kind] = [text(group) ?? '', text(fields(names).kind) ?? ''];
    if (type === 'DELETED' || !meshGroups.test(ownGroup) || unneeded.has(ownGroup)) return;
    const { managedFields: _managed, ...metadata } = object.metadata;
    tell({ event: 'crd', crd: { ...object, metadata, status: undefined } });
    const served = items(versions)
      .map(fields)
      .filter((version) => version.served !== false);
    const best = served.find((version) => version.name === 'v1') ?? served.find((v) => v.storage === true) ?? served[0];
    const name = `${ownGroup}/${text(best?.name) ?? ''}`;
    if (!best || kinds.has(`${ownGroup}/${kind}`)) return;
    kinds.add(`${ownGroup}/${kind}`);
    first.push(watchKind(name, kind).catch(() => void kinds.delete(`${ownGroup}/${kind}`)));
  };
  await Promise.all(core.map((kind) => watchKind('v1', kind)));
  stops.push(await client.watch({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }, onCrd));
  await Promise.all(first);
  tell({ event: 'live' });
}

/** What decides routing, and no more: a large cluster has thousands of pods. */
function trimmed(object: KubeObject): KubeObject {
  const { managedFields: _managed, annotations, ...metadata } = object.metadata;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, ...notes } = annotations ?? {};
  const own = { ...object, metadata: { ...metadata, ...(Object.keys(notes).length > 0 && { annotations: notes }) } };
  if (object.kind === 'Pod' && object.apiVersion === 'v1')
    return { ...own, spec: podSpec(object.spec), status: podStatus(object.status) };
  return object.kind === 'Service' || object.kind === 'Namespace' ? { ...own, status: undefined } : own;
}

function podSpec(given: unknown): Record<string, unknown> {
  const { serviceAccountName, nodeName, containers, initContainers } = fields(given);
  return {
    serviceAccountName,
    nodeName,
    containers: items(containers).map(container),
    initContainers: items(initContainers).map(container),
  };
}

function container(given: unknown): Record<string, unknown> {
  const { name, ports, args, restartPolicy } = fields(given);
  return { name, ports, restartPolicy, ...(name === 'istio-proxy' && { args }) };
}

function podStatus(given: unknown): Record<string, unknown> {
  const { podIP, phase, conditions } = fields(given);
  return {
    podIP,
    phase,
    conditions: items(conditions).map((c) => ({ type: fields(c).type, status: fields(c).status })),
  };
}
