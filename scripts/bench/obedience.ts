// How soon a changed VirtualService is obeyed after its PUT is answered, while requests keep coming: none of them may fail,
// and none may see anything but the rule before or the rule after.
import { Pool } from 'undici';
import { type Measure, quantile, round } from './measure.ts';

const changes = 60;
const clients = 8;

export async function measureObedience({
  entry,
  kubeconfig,
}: {
  entry: string;
  kubeconfig: string;
}): Promise<Measure[]> {
  const { openCluster } = await import('../../src/cluster/cluster.ts');
  const { client } = openCluster({ kind: 'embebido', kubeconfig, entry });
  const rule = (value: string) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'bench', namespace: 'default' },
    spec: {
      hosts: ['bench.example'],
      gateways: ['bookinfo-gateway'],
      http: [
        {
          headers: { response: { set: { 'x-rule': value } } },
          route: [{ destination: { host: 'productpage', port: { number: 9080 } } }],
        },
      ],
    },
  });
  const pool = new Pool(entry, { connections: clients + 1 });
  const ask = async (): Promise<string> => {
    const { statusCode, headers, body } = await pool.request({
      method: 'GET',
      path: '/api/v1/products',
      headers: { host: 'bench.example' },
    });
    await body.dump();
    return `${statusCode} ${headers['x-rule'] ?? ''}`;
  };
  await client.apply(rule('0'), 'malla-bench');
  while ((await ask()) !== '200 0') await pause(5);

  const allowed = new Set(['200 0']);
  let [asked, wrong, running] = [0, 0, true];
  const traffic = Array.from({ length: clients }, async () => {
    while (running) {
      const before = new Set(allowed);
      const seen = await ask();
      asked++;
      if (!before.has(seen) && !allowed.has(seen)) wrong++;
    }
  });
  const delays: number[] = [];
  for (let i = 1; i <= changes; i++) {
    const wanted = `200 ${i}`;
    allowed.add(wanted);
    await client.apply(rule(String(i)), 'malla-bench');
    const answered = performance.now();
    while ((await ask()) !== wanted) await pause(1);
    delays.push(performance.now() - answered);
    allowed.delete(`200 ${i - 1}`);
  }
  running = false;
  await Promise.all(traffic);
  await pool.close();
  const p99 = round(quantile(delays, 0.99), 0);
  return [
    {
      name: `de la respuesta a un cambio de VirtualService a que se obedece (${changes} cambios con tráfico), p99`,
      value: p99,
      unit: 'ms',
      reference: { name: 'mediana', value: round(quantile(delays, 0.5), 0), unit: 'ms' },
      goal: { words: '≤ 50 ms', reached: p99 <= 50 },
      detail: { asked },
    },
    {
      name: 'peticiones fallidas o mal repartidas durante esos cambios',
      value: wrong,
      unit: 'peticiones',
      reference: { name: 'hechas', value: asked, unit: 'peticiones' },
      goal: { words: '0', reached: wrong === 0 },
    },
  ];
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
