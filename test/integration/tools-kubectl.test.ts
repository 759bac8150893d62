// Malla's kubectl beside the real one, on the same cluster: the same words for the same command.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { kubectl } from '../../src/tools/kubectl/kubectl.ts';
import { createToolBench, fixtures, type Outcome, type ToolBench } from './support/tool-bench.ts';

const real = await findReal();
let bench: ToolBench;
beforeAll(async () => {
  bench = await createToolBench();
});
afterAll(() => bench?.remove());

const ours = (...argv: string[]) => bench.run(kubectl, ...argv);

async function theirs(...argv: string[]): Promise<Outcome> {
  try {
    const { stdout, stderr } = await promisify(execFile)(real ?? '', argv, { env: bench.env, cwd: fixtures });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

/** A client of 1.30 to 1.33: later ones say more when they delete and describe. */
async function findReal(): Promise<string | undefined> {
  for (const path of [process.env.MALLA_TEST_KUBECTL, '/usr/bin/kubectl', '/usr/local/bin/kubectl', 'kubectl']) {
    if (!path) continue;
    const answer = await promisify(execFile)(path, ['version', '--client']).catch(() => undefined);
    if (/Client Version: v1\.3[0-3]\b/.test(answer?.stdout ?? '')) return path;
  }
  return undefined;
}

/** Ages tick between two calls, and clients since 1.34 word one field of a volume otherwise. */
const still = ({ code, stdout, stderr }: Outcome) => {
  const steady = (text: string) =>
    text
      .replace(/\b(\d+[dhms])+(?= |$|\n)/gm, 'AGE')
      .replace(/ +/g, ' ')
      .replace(/ConfigMapOptional: <nil>/g, 'Optional: false');
  return { code, stdout: steady(stdout), stderr: steady(stderr) };
};

describe('reading', () => {
  beforeAll(async () => {
    await ours('apply', '-f', 'web.yaml');
    await ours('rollout', 'status', 'deploy/web', '--timeout=20s');
  });

  test
    .skipIf(!real)
    .each(
      [
        'get pods',
        'get pods -o wide',
        'get pods -A',
        'get nodes -o wide',
        'get ns -L kubernetes.io/metadata.name',
        'get deploy,svc',
        'get all',
        'get all -n nowhere',
        'get svc web -o yaml',
        'get svc -o json',
        'get pods -o name',
        'get pods -l app=web --show-labels',
        'get pods -l app=nope',
        'get pod nothing',
        'get pod nothing --ignore-not-found',
        'get nonsense',
        'get pods --sort-by=.metadata.name --no-headers',
        'get pods -o jsonpath={.items[*].metadata.name}',
        'get pods -o custom-columns=NAME:.metadata.name,APP:.metadata.labels.app,NONE:.spec.nothing',
        'get pod/x svc/y',
        'describe svc web',
        'describe deploy web',
        'describe pod -l app=web',
        'describe ns default',
        'describe node nieve',
        'describe serviceaccount web',
        'describe configmap kube-root-ca.crt',
        'describe pod nothing',
        'rollout history deploy/web',
        'rollout status deploy/web',
        'wait --for=condition=Available deploy/web',
        'wait --for=condition=Ready pod -l app=nope',
        'wait --for=jsonpath={.status.phase}=Running pod -l app=web',
        'wait --for=condition=Nothing deploy/web --timeout=1s',
        'logs deploy/web',
        'logs web',
        'api-resources',
        'auth can-i create pods',
        'auth can-i delete nodes',
        'auth can-i use nonsense',
        'auth can-i get /healthz',
        'auth can-i --list',
        'auth whoami',
        'top pods -n nowhere',
        'top pods -l app=nope',
        'top pods --sort-by=name',
        'explain deploy',
        'explain deploy.spec.strategy.rollingUpdate',
        'explain pods.spec.containers',
        'explain deployments.apps --recursive',
        'explain crd.spec.nothing',
        'explain',
        'config current-context',
        'config get-contexts',
        'config view',
        'label deploy web app=other',
        'annotate svc nothing a=b',
        'scale deploy nothing --replicas=2',
      ].map((command) => [command]),
    )('%s', async (command) => {
    const argv = command.split(' ');
    expect(still(await ours(...argv))).toEqual(still(await theirs(...argv)));
  });
});

describe('changing', () => {
  test.skipIf(!real)('taints are put and taken away with the same words', async () => {
    for (const command of [
      'taint nodes sansa a=b:NoSchedule',
      'taint nodes sansa a=c:NoSchedule',
      'taint nodes sansa a=c:NoSchedule --overwrite',
      'taint nodes sansa nothing-',
      'taint nodes sansa a-',
    ]) {
      const before = await ours('get', 'node', 'sansa', '-o', 'jsonpath={.spec.taints}');
      const own = await ours(...command.split(' '));
      const after = await ours('get', 'node', 'sansa', '-o', 'jsonpath={.spec.taints}');
      await ours(
        'patch',
        'node',
        'sansa',
        '-p',
        JSON.stringify({ spec: { taints: JSON.parse(before.stdout || 'null') } }),
        '--type=merge',
      );
      expect(own, command).toEqual(await theirs(...command.split(' ')));
      expect(await ours('get', 'node', 'sansa', '-o', 'jsonpath={.spec.taints}')).toEqual(after);
    }
  });

  // Each line runs first by one, is undone, and then by the other.
  test.skipIf(!real).each([
    ['apply -f web.yaml', 'delete -f web.yaml --ignore-not-found'],
    ['apply --server-side -f web.yaml', 'delete -f web.yaml --ignore-not-found'],
    ['create -f web.yaml', 'delete -f web.yaml --ignore-not-found'],
    ['apply -f broken.yaml', 'delete deploy broken --ignore-not-found'],
    ['create namespace aulas', 'delete namespace aulas --ignore-not-found'],
    ['create configmap datos --from-literal=a=1', 'delete configmap datos --ignore-not-found'],
    ['create deployment hola --image=nginx --replicas=2', 'delete deploy hola --ignore-not-found'],
    ['create deployment hola --image=nginx --dry-run=client -o name', 'get ns'],
    ['create role lee --verb=get,list --resource=pods,deployments.apps', 'delete role lee --ignore-not-found'],
    [
      'create rolebinding lee --role=lee --user=ana --serviceaccount=default:web',
      'delete rolebinding lee --ignore-not-found',
    ],
    ['create job uno --image=busybox', 'delete job uno --ignore-not-found'],
    ['create cronjob dos --image=busybox --schedule=@hourly', 'delete cronjob dos --ignore-not-found'],
    ['create clusterrole todo --verb=get --non-resource-url=/healthz', 'delete clusterrole todo --ignore-not-found'],
    ['create rolebinding mal --user=ana', 'get ns'],
    ['delete pod nothing', 'get ns'],
    ['delete pods', 'get ns'],
  ])('%s', async (command, undo) => {
    const results: Outcome[] = [];
    await ours(...undo.split(' '));
    for (const run of [ours, theirs]) {
      results.push(await run(...command.split(' ')));
      await ours(...undo.split(' '));
    }
    expect(results[0]).toEqual(results[1]);
  });

  test.skipIf(!real)('a life of a Deployment is told in the same words', async () => {
    const story = [
      'apply -f web.yaml',
      'apply -f web.yaml',
      'label deploy web curso=malla',
      'label deploy web curso=malla',
      'label deploy web curso=otro',
      'label deploy web curso=otro --overwrite',
      'label deploy web curso-',
      'label deploy web curso-',
      'annotate deploy web nota=uno',
      'annotate deploy web nota=dos',
      'annotate deploy web nota-',
      'scale deploy web --replicas=3',
      'set image deploy/web web=gcr.io/google-samples/hello-app:2.0',
      'set image deploy/web nope=x',
      'rollout history deploy/web',
      'rollout undo deploy/web',
      'rollout undo deploy/web --to-revision=99',
      'rollout pause deploy/web',
      'rollout resume deploy/web',
      'rollout restart deploy/web',
      'patch deploy web -p {"spec":{"replicas":1}}',
      'patch deploy web -p {"spec":{"replicas":1}}',
      'patch svc web --type=json -p [{"op":"replace","path":"/spec/ports/0/port","value":81}]',
      'expose deploy web --name=web2 --port=80 --target-port=8080 --type=NodePort',
      'expose deploy web --name=web2 --port=80',
      'apply -f web.yaml',
      'delete svc web2',
      'delete deploy,svc -l app=web',
      'delete -f web.yaml --ignore-not-found',
    ];
    const tell = async (run: typeof ours) => {
      const told: Record<string, unknown>[] = [];
      for (const line of story) {
        told.push({ line, ...(await run(...line.split(' '))) });
        await controllersAreDone();
      }
      return told;
    };
    // The next line may be about what a controller does after this one, and a status that is written meanwhile would
    // make a change of what changed nothing.
    const controllersAreDone = async () => {
      const look = async () => (await ours('get', 'deploy,rs', '-l', 'app=web', '-o', 'json')).stdout;
      let before = await look();
      await vi.waitFor(async () => {
        const now = await look();
        const settled = now === before;
        before = now;
        expect(settled).toBe(true);
      }, 10_000);
    };
    await ours('delete', '-f', 'web.yaml', '--ignore-not-found');
    const [first, second] = [await tell(ours), await tell(theirs)];
    expect(first).toEqual(second);
  });

  test.skipIf(!real)('either may go on with what the other applied', async () => {
    await theirs('apply', '-f', 'web.yaml');
    expect((await ours('apply', '-f', 'web.yaml')).stdout).toMatch(/^(\S+ unchanged\n){3}$/);
    await ours('delete', '-f', 'web.yaml');
    await ours('apply', '-f', 'web.yaml');
    expect((await theirs('apply', '-f', 'web.yaml')).stdout).toMatch(/^(\S+ unchanged\n){3}$/);
  });
});

test('a custom kind is changed by apply also when its group ends in k8s.io', async () => {
  await ours('apply', '-f', 'puertas.yaml');
  await ours('wait', '--for=condition=established', 'crd/puertas.networking.ejemplo.k8s.io', '--timeout=30s');
  expect(await ours('apply', '-f', 'puerta-80.yaml')).toMatchObject({ code: 0 });
  expect(await ours('apply', '-f', 'puerta-443.yaml')).toMatchObject({
    code: 0,
    stdout: 'puerta.networking.ejemplo.k8s.io/principal configured\n',
  });
  expect((await ours('get', 'puerta', 'principal', '-o', 'jsonpath={.spec.listeners[*].port}')).stdout).toBe('443');
});

test('-w prints what is there and then what comes, until it is interrupted', async () => {
  await ours('delete', 'configmap', 'visto', '--ignore-not-found');
  const { PassThrough } = await import('node:stream');
  const stdout = new PassThrough();
  const seen: string[] = [];
  const both = Promise.withResolvers<void>();
  stdout.on('data', (chunk: Buffer) => {
    seen.push(chunk.toString());
    if (/visto/.test(seen.join(''))) both.resolve();
  });
  const interrupt = new AbortController();
  const streams = { stdin: new PassThrough(), stdout, stderr: new PassThrough().resume() };
  const watching = kubectl(['get', 'configmaps', '-w'], {
    streams,
    env: bench.env,
    cwd: fixtures,
    signal: interrupt.signal,
  });
  await new Promise((resolve) => stdout.once('data', resolve));
  await ours('create', 'configmap', 'visto', '--from-literal=a=1');
  await both.promise;
  interrupt.abort();
  expect([0, 130]).toContain(await watching);
  expect(seen.join('').match(/^NAME/gm)).toHaveLength(1);
});

test('an API server that is not there is said so, with exit code 1', async () => {
  const { code, stderr } = await ours('get', 'pods', '--kubeconfig', '/nowhere/config');
  expect([code, stderr.startsWith('error: ')]).toEqual([1, true]);
});
