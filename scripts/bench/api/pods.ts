// Ten thousand pods: how soon all run, and how the API answers with them there.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { issueCertificate } from '../../../src/simulator/process/pki/certificate.ts';
import { type Measure, quantile, round } from '../measure.ts';
import { type Access, type ApiClient, startCluster, stateFolder } from './cluster.ts';
import { CALLS_A_SECOND, collectsWhenTold, keepsMemory, LISTS, type Order, type Part } from './pods-order.ts';

const PODS = 10_000;
/** As a kubelet has it. */
const PODS_A_NODE = 110;
const AT_ONCE = 16;
const NAMESPACE = '/api/v1/namespaces/bench';

export async function measurePods(root: string): Promise<Measure[]> {
  const folder = stateFolder();
  const cluster = await startCluster(root, folder.path);
  try {
    await prepare(cluster.api);
    const caller = await startClient('single', cluster.access);
    const seconds = round(await untilAllRun(cluster.api), 1);
    const single = round(quantile(await caller.times(), 0.99));
    caller.end();
    const reader = await startClient('lists', cluster.access);
    const list = round(quantile(await reader.times(), 0.99), 0);
    reader.end();
    return [
      {
        name: `${PODS} pods creados por HTTP hasta que un watch los ve todos en Running`,
        value: seconds,
        unit: 's',
        reference: {
          name: 'un Node que solo contesta a las mismas peticiones',
          value: round(await bareSeconds(), 1),
          unit: 's',
        },
        goal: { words: '≤ 10 s', reached: seconds <= 10 },
      },
      {
        name: `un objeto (leer, crear, cambiar y borrar) con ${CALLS_A_SECOND} peticiones por segundo y ${PODS} pods, p99`,
        value: single,
        unit: 'ms',
        goal: { words: '≤ 10 ms', reached: single <= 10 },
      },
      {
        name: `la lista entera de ${PODS} pods, p99 de ${LISTS}`,
        value: list,
        unit: 'ms',
        goal: { words: '≤ 200 ms', reached: list <= 200 },
      },
    ];
  } finally {
    await cluster.kill('SIGKILL');
    folder.remove();
  }
}

/** The three nodes of the course have room for 330: as many more as it takes. */
async function prepare(api: ApiClient): Promise<void> {
  await api.call('POST /api/v1/namespaces', { metadata: { name: 'bench' } });
  const nodes = Math.ceil(PODS / PODS_A_NODE);
  for (let i = 0; i < nodes; i++) {
    const name = `bench-${i}`;
    const made = JSON.parse(
      await api.call('POST /api/v1/nodes', { metadata: { name }, spec: { podCIDR: `10.200.${i}.0/24` } }),
    );
    const allocatable = { cpu: '64', memory: '256Gi', pods: String(PODS_A_NODE) };
    const status = {
      capacity: allocatable,
      allocatable,
      addresses: [{ type: 'InternalIP', address: `10.100.0.${i + 1}` }],
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
    };
    await api.call(`PUT /api/v1/nodes/${name}/status`, { ...made, status });
  }
  // Their default ServiceAccount, and what else a namespace and a node begin with.
  await wait(1_000);
}

function pod(name: string) {
  const container = { name: 'pause', image: 'registry.k8s.io/pause:3.10.1', resources: { requests: { cpu: '10m' } } };
  return { metadata: { name, labels: { app: 'bench' } }, spec: { containers: [container] } };
}

async function untilAllRun(api: ApiClient): Promise<number> {
  const running = new Set<string>();
  const stop = new AbortController();
  const begun = performance.now();
  const all = new Promise<number>((resolve, reject) => {
    api
      .watch(
        `${NAMESPACE}/pods?watch=1`,
        (line) => {
          if (!line.includes('"phase":"Running"')) return;
          running.add(/"name":"([^"]+)"/.exec(line)?.[1] ?? '');
          if (running.size === PODS) resolve((performance.now() - begun) / 1000);
        },
        stop.signal,
      )
      .catch(reject);
    wait(300_000, undefined, { ref: false }).then(() =>
      reject(new Error(`${running.size} of ${PODS} run after 300 s.`)),
    );
  });
  let next = 0;
  const client = async () => {
    for (let i = next++; i < PODS; i = next++) await api.call(`POST ${NAMESPACE}/pods`, pod(`pod-${i}`));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  console.error(`  creados en ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  const seconds = await all;
  stop.abort();
  return seconds;
}

interface Client {
  /** Milliseconds of each answer, from now on. */
  times(): Promise<number[]>;
  end(): void;
}

/** A process of its own: what the ten thousand leave in this one is pauses that are not the API's. */
async function startClient(part: Part, access: Access): Promise<Client> {
  const client = fork(join(import.meta.dirname, 'pods-client.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...keepsMemory },
    execArgv: collectsWhenTold[part],
  });
  const told = async (): Promise<unknown> => {
    const gone = once(client, 'exit').then(() => Promise.reject(new Error(`The client of «${part}» ended too soon.`)));
    const [message] = await Promise.race([once(client, 'message'), gone]);
    return message;
  };
  client.send({ part, access, namespace: NAMESPACE, pods: PODS } satisfies Order);
  await told();
  return {
    async times() {
      client.send('go');
      return (await told()) as number[];
    },
    end: () => void client.kill(),
  };
}

/** The same bodies to a server that reads them and says yes. */
async function bareSeconds(): Promise<number> {
  const { key, certificate } = issueCertificate({
    commonName: 'bench',
    use: 'server',
    addresses: ['127.0.0.1'],
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
  });
  const server = createServer({ key, cert: certificate }, (request, response) => {
    request.resume().on('end', () => response.writeHead(201, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pool = new Pool(`https://127.0.0.1:${port}`, { connections: AT_ONCE, connect: { rejectUnauthorized: false } });
  const begun = performance.now();
  let next = 0;
  const client = async () => {
    for (let i = next++; i < PODS; i = next++) {
      const answer = await pool.request({ method: 'POST', path: '/', body: JSON.stringify(pod(`pod-${i}`)) });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  const seconds = (performance.now() - begun) / 1000;
  await pool.destroy();
  server.close();
  return seconds;
}
