// Answers the questions of the pages of views, on any cluster, from what its API says.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CodedError } from '../cluster/coded-error.ts';
import type { Cluster } from '../cluster/contract.ts';
import { readDashboard } from './dashboards/read-dashboard.ts';
import { compareRequest } from './explain/compare-request.ts';
import { explainRequest } from './explain/explain-request.ts';
import type { ExplainQuestion } from './explain/explained-request.ts';
import { readMeshConfig, readMeshObjects, rootNamespace } from './explain/mesh-objects.ts';
import { choicesOf } from './explain/parties.ts';
import { sendRequest } from './explain/send-request.ts';
import { readGraph } from './graph/read-graph.ts';
import type { ViewName, ViewRequests } from './protocol.ts';
import { readTrace, readTraces } from './traces/read-traces.ts';

export type Views = {
  [Name in ViewName]: (question: ViewRequests[Name]['question']) => Promise<ViewRequests[Name]['answer']>;
};

export interface ViewsOptions {
  cluster: Cluster;
  random: () => number;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Of a request that is sent to be compared. */
  newId?: () => string;
  sleep?: (milliseconds: number) => Promise<void>;
}

/** Answers reject with CodedError, or with ClusterError when the cluster does not answer. */
export function createViews({ cluster, random, now, newId = randomUUID, sleep = wait }: ViewsOptions): Views {
  const { client } = cluster;
  return {
    async about() {
      const { serverVersion, simulated, istio } = await cluster.facts();
      return { serverVersion, simulated, ...(istio && { istio: istio.version }) };
    },
    graph: (question) => readGraph(client, question),
    dashboard: (question) => readDashboard(client, question, now() / 1000),
    traces: (question) => readTraces(client, question),
    async trace({ id }) {
      const tree = await readTrace(client, id);
      if (tree) return tree;
      throw new CodedError({
        code: 'MALLA-VIS-07',
        happened: `Jaeger no tiene la traza ${id}.`,
        expected: 'Una traza de la lista: Jaeger guarda en memoria solo las últimas.',
        todo: 'Vuelve a buscar y elige otra.',
      });
    },
    async explainChoices() {
      return choicesOf(await readMeshObjects(client));
    },
    explain: async (question) => (await explain(question)).explained,
    async compare(question) {
      const { explained, objects } = await explain(question);
      await cluster.refreshEntry?.();
      const { entry } = cluster.access;
      return compareRequest(question, explained, { client, objects, entry, send: sendRequest, newId, sleep });
    },
  };

  async function explain(question: ExplainQuestion) {
    const [objects, meshConfig] = await Promise.all([readMeshObjects(client), readMeshConfig(client)]);
    const context = { objects, rootNamespace, random, ...(meshConfig && { meshConfig }) };
    const explained = explainRequest(context, question);
    if (explained) return { explained, objects };
    throw new CodedError({
      code: 'MALLA-VIS-01',
      happened: `El cliente «${question.client}» no está en la malla.`,
      expected: 'Un gateway o un pod con sidecar que esté en marcha.',
      todo: 'Recarga la lista de clientes y elige otro.',
    });
  }
}
