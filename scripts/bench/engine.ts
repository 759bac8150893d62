// Decisions a second of the mesh engine: on Bookinfo with its routing rules, and with 10,000 VirtualServices more.
import type { Chance, Proxy as MeshProxy, MeshRequest } from '../../src/mesh/engine.ts';
import { bookinfo, engineOf, INGRESS, openGateway, SIDECAR, subsets, virtualService } from '../../src/mesh/fixtures.ts';
import { type Measure, quantile, round } from './measure.ts';

const OTHERS = 10_000;
const ROUNDS = 15;
const DECISIONS = 40_000;

export async function measureEngine(): Promise<Measure[]> {
  const small = decider(0);
  const large = decider(OTHERS);
  // Once to warm up, and then in turns: whatever the machine does meanwhile falls on both.
  for (const run of [small, large]) run();
  const rates = Array.from({ length: ROUNDS }, () => ({ small: small(), large: large() }));
  const alone = Math.round(
    quantile(
      rates.map((r) => r.small),
      0.5,
    ),
  );
  const among = Math.round(
    quantile(
      rates.map((r) => r.large),
      0.5,
    ),
  );
  const ratio = round(alone / among);
  return [
    {
      name: 'decisiones del motor por segundo con Bookinfo y sus reglas, mediana',
      value: alone,
      unit: 'decisiones/s',
      goal: { words: '≥ 500.000', reached: alone >= 500_000 },
    },
    {
      name: `tiempo de una decisión con ${OTHERS} VirtualServices más`,
      value: ratio,
      unit: 'veces el de Bookinfo solo',
      reference: { name: 'decisiones por segundo entre ellos', value: among, unit: 'decisiones/s' },
      goal: { words: '≤ 2', reached: ratio <= 2 },
    },
  ];
}

/** Returns a round, which returns how many decisions a second it made. */
function decider(others: number): () => number {
  const engine = engineOf(...configuration(others));
  const chance = fastChance();
  const asked: [MeshProxy, MeshRequest][] = [
    [INGRESS, request('127.0.0.1:30080', 8080, '/productpage?u=test')],
    [SIDECAR, request('reviews:9080', 9080, '/reviews/0')],
    [SIDECAR, request('reviews:9080', 9080, '/reviews/0', { 'end-user': 'jason' })],
    [SIDECAR, request('details:9080', 9080, '/details/0')],
    [SIDECAR, request('ratings:9080', 9080, '/ratings/0')],
  ];
  return () => {
    const start = performance.now();
    let forwards = 0;
    for (let i = 0; i < DECISIONS; i++) {
      for (const [proxy, question] of asked) {
        if (engine.decide(proxy, question, chance).outcome.kind === 'forward') forwards += 1;
      }
    }
    const seconds = (performance.now() - start) / 1_000;
    if (forwards !== DECISIONS * asked.length) throw new Error(`${forwards} requests were forwarded`);
    return forwards / seconds;
  };
}

function configuration(others: number) {
  const to = (host: string, subset: string, weight?: number) => ({
    destination: { host, subset },
    ...(weight !== undefined && { weight }),
  });
  const http = (...rules: unknown[]) => rules;
  const gateways = ['bookinfo-gateway', 'mesh'];
  const page = { destination: { host: 'productpage', port: { number: 9080 } } };
  return [
    ...bookinfo(),
    openGateway(),
    subsets('reviews', 'v1', 'v2', 'v3'),
    subsets('ratings', 'v1'),
    virtualService('bookinfo', {
      hosts: ['*'],
      gateways: ['bookinfo-gateway'],
      http: http({ match: ['/productpage', '/login', '/logout'].map((exact) => ({ uri: { exact } })), route: [page] }),
    }),
    virtualService('reviews', {
      hosts: ['reviews'],
      http: http(
        { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('reviews', 'v2')] },
        { timeout: '2s', route: [to('reviews', 'v1', 90), to('reviews', 'v3', 10)] },
      ),
    }),
    virtualService('ratings', {
      hosts: ['ratings'],
      http: http({ retries: { attempts: 3 }, route: [to('ratings', 'v1')] }),
    }),
    ...Array.from({ length: others }, (_, i) =>
      virtualService(`other-${i}`, { hosts: [`host-${i}.example.com`], gateways, http: http({ route: [page] }) }),
    ),
  ];
}

function request(authority: string, port: number, path: string, headers: Record<string, string> = {}): MeshRequest {
  const usual = { 'user-agent': 'curl/8.5.0', accept: '*/*', 'x-request-id': '3efeebec-608a-96c9-95a3-3bf1d4bb8237' };
  const addresses = { sourceAddress: '10.244.0.9', destinationAddress: '10.96.1.1' };
  return { authority, port, method: 'GET', path, headers: { ...usual, ...headers }, ...addresses };
}

function fastChance(): Chance {
  let state = 1;
  return {
    random() {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
    next: () => 0,
  };
}
