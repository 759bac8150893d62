// Checks that run a program in a pod, with a cluster whose exec is a function.
import { expect, test } from 'vitest';
import { ClusterError } from '../../cluster/cluster-error.ts';
import type { ExecRequest, ExecResult } from '../../cluster/exec.ts';
import type { World } from '../../diagnosis/bookinfo.fixture.ts';
import { bearer, httpbinWorld, peer, tokens } from '../../diagnosis/security.fixture.ts';
import { readCheck } from '../../labs/check-schema.ts';
import type { Clock } from '../clock.ts';
import { clusterOf } from '../objects-client.fixture.ts';
import { verifyCheck } from '../verify.ts';

type Exec = (request: ExecRequest) => Promise<ExecResult>;

/** `serverTime`: of the API server, in milliseconds; by default that of this machine. */
function verify(
  written: object,
  world: World,
  exec: Exec,
  clock = jumpingClock(),
  serverTime?: () => Promise<number | undefined>,
) {
  const read = readCheck({ id: 'c', titulo: 'C', ...written }, 1);
  if ('issues' in read) throw new Error(JSON.stringify(read.issues));
  const cluster = clusterOf(world.objects);
  const client = { ...cluster.client, exec, ...(serverTime && { serverTime }) };
  return verifyCheck(read.declaration, {
    cluster: { ...cluster, client },
    signal: new AbortController().signal,
    clock,
  });
}

function jumpingClock(onSleep: (now: number) => void = () => {}): Clock {
  let now = 0;
  return {
    now: () => now,
    async sleep(milliseconds) {
      now += milliseconds;
      onSleep(now);
    },
  };
}

const says =
  (stdout: string, exitCode = 0): Exec =>
  async () => ({ exitCode, stdout, stderr: '' });
const request = {
  tipo: 'peticion',
  desde: { espacio: 'default', selector: 'app=curl' },
  url: 'http://httpbin:8000/headers',
};
const cut = {
  ...request,
  desde: { espacio: 'fuera', selector: 'app=curl' },
  url: 'http://httpbin.default:8000/',
  fallo: 'reinicio',
};

test('a request is sent by curl in the main container of the newest ready pod', async () => {
  const asked: ExecRequest[] = [];
  const world = httpbinWorld();
  const verdict = await verify(request, world, async (r) => {
    asked.push(r);
    return { exitCode: 0, stdout: '{}\n200', stderr: '' };
  });
  expect(verdict.state).toBe('correcto');
  expect(asked).toMatchObject([{ namespace: 'default', pod: 'curl-abc-12345', container: 'curl' }]);
  expect(asked[0]?.command).toEqual(expect.arrayContaining(['curl', request.url]));
});

test('texts must be there, and others must not', async () => {
  const body = '{"X-Forwarded-Client-Cert": "spiffe"}\n200';
  expect((await verify({ ...request, contiene: ['spiffe'] }, httpbinWorld(), says(body))).state).toBe('correcto');
  const verdict = await verify({ ...request, noContiene: ['spiffe'] }, httpbinWorld(), says(body));
  expect(verdict).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-PET-04' } });
});

test('a connection that is cut is what STRICT promises', async () => {
  const world = httpbinWorld().add(peer({ mtls: { mode: 'STRICT' } }));
  expect((await verify(cut, world, says('\n000', 56))).state).toBe('correcto');
  expect((await verify(cut, world, says('\n000', 7))).state).toBe('incorrecto');
});

test('a stored mistake is told at once, without waiting', async () => {
  const clock = jumpingClock();
  const verdict = await verify(cut, httpbinWorld().add(peer({ mtls: { mode: 'PERMISSIVE' } })), says('\n200'), clock);
  expect(verdict).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-MTL-04' } });
  expect(clock.now()).toBe(0);
});

test('a policy that is on its way is waited for', async () => {
  let inForce = false;
  const clock = jumpingClock((now) => {
    inForce = now > 150;
  });
  const world = httpbinWorld().add(peer({ mtls: { mode: 'STRICT' } }));
  const exec: Exec = async () => (inForce ? says('\n000', 56) : says('\n200'))(undefined as never);
  expect((await verify(cut, world, exec, clock)).state).toBe('correcto');
});

test('a token refused by keys that are no longer stored is sent again', async () => {
  const world = httpbinWorld().add(tokens());
  const withToken = { ...request, cabeceras: bearer() };
  let asked = 0;
  const first: Exec = async () => says(asked++ === 0 ? 'Jwt verification fails\n401' : '{}\n200')(undefined as never);
  expect((await verify(withToken, world, first)).state).toBe('correcto');
  const always = await verify(withToken, world, says('Jwt verification fails\n401'));
  expect(always).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-JWT-05' } });
});

test('a line that an old connection wrote after a change of the log is not believed', async () => {
  const telemetry = {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { name: 'registro', namespace: 'default', creationTimestamp: new Date().toISOString() },
    spec: { accessLogging: [{ providers: [{ name: 'envoi' }] }] },
  };
  const written = {
    tipo: 'registro',
    espacio: 'default',
    selector: 'app=httpbin',
    patron: ' 404 ',
    peticion: { desde: request.desde, url: 'http://httpbin:8000/status/404' },
  };
  const observe = async (lasting: number) => {
    const cluster = clusterOf(httpbinWorld().add(telemetry).objects);
    const log: string[] = [];
    let asked = 0;
    const client = {
      ...cluster.client,
      raw: async () => log.join('\n'),
      exec: async ({ command }: ExecRequest) => {
        const [mark] = /malla\/\w+/.exec(command.join(' ')) ?? [];
        if (asked++ < lasting) log.push(`[2026-11-21T10:00:00.000Z] "GET /status/404 HTTP/1.1" 404 - "${mark}"`);
        return { exitCode: 0, stdout: '\n404', stderr: '' };
      },
    };
    const facts = async () => ({ ...(await cluster.facts()), simulated: false });
    const read = readCheck({ id: 'c', titulo: 'C', ...written }, 1);
    if ('issues' in read) throw new Error(JSON.stringify(read.issues));
    const context = {
      cluster: { ...cluster, client, facts },
      signal: new AbortController().signal,
      clock: jumpingClock(),
    };
    return verifyCheck(read.declaration, context);
  };
  expect(await observe(1)).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-OBS-07' } });
  expect((await observe(100)).state).toBe('correcto');
});

test('what is right by rules that are no longer stored is looked at again', async () => {
  let late = false;
  const clock = jumpingClock((now) => {
    late = now > 150;
  });
  const world = httpbinWorld().add(peer({ mtls: { mode: 'STRICT' } }));
  const exec: Exec = async () => (late ? says('\n000', 56) : says('\n200'))(undefined as never);
  const outside = { ...request, desde: cut.desde, url: cut.url };
  expect(await verify(outside, world, exec, clock)).toMatchObject({
    state: 'incorrecto',
    cause: { code: 'MALLA-MTL-06' },
  });
});

test.each([
  [
    'a pod that is not there',
    { ...request, desde: { espacio: 'default', selector: 'app=nadie' } },
    says('\n200'),
    'MALLA-APP-01',
  ],
  [
    'an image without curl',
    request,
    async () => Promise.reject(new ClusterError('invalid', 'exec: "curl": executable file not found in $PATH')),
    'MALLA-PET-01',
  ],
  ['a name that is nobody’s', { ...request, url: 'http://httpbim:8000/' }, says('\n000', 6), 'MALLA-PET-07'],
  ['an answer of the application', request, says('no\n418'), 'MALLA-PET-03'],
] as const)('%s is named', async (_title, written, exec: Exec, code) => {
  expect((await verify(written, httpbinWorld(), exec)).cause?.code).toBe(code);
});

test('a cluster that cannot be asked is no verificable', async () => {
  const verdict = await verify(request, httpbinWorld(), () =>
    Promise.reject(new ClusterError('unreachable', 'sin respuesta')),
  );
  expect(verdict).toMatchObject({ state: 'no verificable', cause: { code: 'MALLA-SAL-01' } });
});

const cluster = (name: string, more: object = {}): object => ({ cluster: { name, type: 'EDS', ...more } });
const dump = {
  configs: [
    { '@type': 'type.googleapis.com/envoy.admin.v3.BootstrapConfigDump', bootstrap: { node: { id: 'sidecar' } } },
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump',
      static_clusters: [cluster('agent')],
      dynamic_active_clusters: [
        cluster('outbound|8000||httpbin.default.svc.cluster.local', { connect_timeout: '10s' }),
      ],
    },
  ],
};
const config = { tipo: 'proxy', espacio: 'default', selector: 'app=curl', seccion: 'clusters', nombre: 'httpbin' };

test.each([
  ['a name that is there', {}, 'correcto'],
  ['a field that is so', { coincide: { connect_timeout: '10s' } }, 'correcto'],
  ['a field that is not', { coincide: { connect_timeout: '1s' } }, 'MALLA-PRX-02'],
  ['a name that is not there', { nombre: 'reviews' }, 'MALLA-PRX-01'],
  ['one that must not be there', { existe: false }, 'MALLA-PRX-03'],
  ['one that must not be there and is not', { nombre: 'reviews', existe: false }, 'correcto'],
  ['a subset that nobody defines', { nombre: String.raw`^outbound\|9080\|v2\|reviews\.` }, 'MALLA-PRX-04'],
  ['the bootstrap', { seccion: 'bootstrap', coincide: { node: { id: 'sidecar' } } }, 'correcto'],
  ['a pod without a proxy', { espacio: 'fuera' }, 'MALLA-INY-04'],
])('a proxy’s configuration: %s', async (_title, more, expected) => {
  const verdict = await verify({ ...config, ...more }, httpbinWorld(), says(JSON.stringify(dump)));
  expect(verdict.cause?.code ?? verdict.state).toBe(expected);
});

test('a page that is not JSON is the cluster’s fault', async () => {
  expect((await verify(config, httpbinWorld(), says('upstream request timeout'))).state).toBe('no verificable');
});

test('a failure beside a pod of a moment ago is judged once that pod has been seen to rest', async () => {
  const world = httpbinWorld();
  const born = Date.parse('2026-11-21T10:00:00Z');
  world.set('Pod', 'curl-abc-12345', ['metadata', 'creationTimestamp'], new Date(born).toISOString());
  const clock = jumpingClock();
  const serverTime = async (): Promise<number> => born + 300 + clock.now();
  const verdict = await verify({ ...request, contiene: ['hola'] }, world, says('adios\n200'), clock, serverTime);
  expect(verdict).toMatchObject({ state: 'incorrecto', cause: { code: 'MALLA-PET-04' } });
});
