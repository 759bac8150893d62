// The real kubectl on the embedded cluster.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { run } from './support/embedded.ts';
import { missing, startWithKubectl, type WithKubectl } from './support/with-kubectl.ts';

const shop = join(import.meta.dirname, '../fixtures/shop/shop.yaml');

test.skipIf(!missing)('SKIPPED: there is no kubectl on the PATH, so nothing of kubectl.test.ts was tested', () => {});

describe.skipIf(missing)('kubectl', () => {
  let running: WithKubectl;
  let env: WithKubectl['env'];
  /** Fails the test when kubectl fails. */
  const kubectl = (...argv: string[]) => running.kubectl(...argv);
  const attempt = (...argv: string[]) => running.attempt(...argv);

  beforeAll(async () => {
    running = await startWithKubectl();
    env = running.env;
    await kubectl('create', 'namespace', 'shop');
    await kubectl('config', 'set-context', '--current', '--namespace=shop');
    await kubectl('apply', '-f', shop);
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=20s');
  });

  afterAll(() => running?.remove());

  async function json(...argv: string[]) {
    return JSON.parse((await attempt(...argv, '-o', 'json')).stdout);
  }

  /** As JSON: kubectl takes what begins with a brace for JSON, flow YAML too. */
  async function manifest(text: string): Promise<string> {
    const path = join(running.scratch, `${Math.random().toString(36).slice(2)}.json`);
    await writeFile(path, JSON.stringify(parse(text)));
    return path;
  }

  test('version says that the server is the simulator', async () => {
    expect((await json('version')).serverVersion.gitVersion).toMatch(/^v1\.34\.\d+\+malla$/);
    expect(await kubectl('cluster-info')).toContain('is running at');
  });

  test('api-resources, api-versions and explain know the kinds', async () => {
    const resources = await kubectl('api-resources');
    expect(resources).toMatch(/^pods +po +v1 +true +Pod$/m);
    expect(resources).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m);
    expect(resources).toMatch(/^customresourcedefinitions +crd,crds +apiextensions.k8s.io\/v1 +false/m);
    expect(await kubectl('api-resources', '--verbs=list', '--namespaced', '-o', 'name')).toContain('services\n');
    expect(await kubectl('api-versions')).toContain('autoscaling/v2\n');
    expect(await kubectl('explain', 'deployment.spec.replicas')).toContain('FIELD: replicas <integer>');
  });

  test('get prints tables, wide tables, YAML, JSON, JSONPath, columns and names', async () => {
    expect(await kubectl('get', 'pods')).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE\nweb-\w+-\w+ +1\/1 +Running +0/);
    expect(await kubectl('get', 'pods', '-o', 'wide')).toMatch(/ 10\.244\.\d+\.\d+ +(arya|sansa) +<none> +<none>/);
    expect(await kubectl('get', 'deployment', 'web', '-o', 'yaml')).toMatch(/^apiVersion: apps\/v1\nkind: Deployment/);
    expect((await json('get', 'pods')).items.map((p: { kind: string }) => p.kind)).toEqual(['Pod', 'Pod']);
    expect(await kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.ports[0].targetPort}')).toBe('80');
    expect(await kubectl('get', 'deployments', '-o', 'custom-columns=N:.metadata.name,R:.spec.replicas')).toMatch(
      /^N +R\nweb +2\n$/,
    );
    expect(await kubectl('get', 'deployment,service', '-o', 'name')).toBe('deployment.apps/web\nservice/web\n');
    expect(await kubectl('get', 'all')).toContain('replicaset.apps/web-');
  });

  test('get filters by labels and fields, across namespaces and in chunks', async () => {
    const names = async (...argv: string[]) =>
      (await kubectl('get', 'pods', '-o', 'name', ...argv)).split('\n').length - 1;
    expect(await names('-l', 'app=web')).toBe(2);
    expect(await names('-l', 'app in (web),version notin (v2),!x')).toBe(2);
    expect(await names('-l', 'version=v2')).toBe(0);
    expect(await names('--field-selector', 'status.phase=Running')).toBe(2);
    expect(await names('--field-selector', 'spec.nodeName=nieve')).toBe(0);
    const all = await names('-A');
    expect(all).toBeGreaterThan(8);
    expect(await names('-A', '--chunk-size=3')).toBe(all);
    expect((await attempt('get', 'pods', '-l', 'a in b')).stderr).toContain('unable to parse requirement');
  });

  test('what does not exist is said as Kubernetes says it', async () => {
    expect(await attempt('get', 'pod', 'nope')).toMatchObject({
      code: 1,
      stderr: 'Error from server (NotFound): pods "nope" not found\n',
    });
    expect((await attempt('get', 'nopes')).stderr).toBe(`error: the server doesn't have a resource type "nopes"\n`);
    expect((await attempt('create', 'configmap', 'a', '-n', 'nowhere')).stderr).toContain(
      'namespaces "nowhere" not found',
    );
  });

  test('get -w shows an object change as it changes', async () => {
    const watching = spawn('kubectl', ['get', 'configmap', 'web-settings', '-w', '-o', 'jsonpath={.data.color} '], {
      env,
    });
    let text = '';
    watching.stdout.on('data', (chunk) => {
      text += chunk;
    });
    try {
      await expect.poll(() => text, { timeout: 10_000 }).toBe('green ');
      await kubectl('patch', 'configmap', 'web-settings', '--type=merge', '-p', '{"data":{"color":"red"}}');
      await expect.poll(() => text, { timeout: 10_000 }).toBe('green red ');
    } finally {
      watching.kill();
    }
  });

  test('describe reads objects and their events', async () => {
    const pod = (await kubectl('get', 'pods', '-o', 'name')).split('\n')[0] ?? '';
    const text = await kubectl('describe', pod);
    expect(text).toMatch(/Status: +Running/);
    expect(text).toMatch(/Normal +Scheduled .*Successfully assigned shop\//);
    expect(await kubectl('describe', 'deployment', 'web')).toContain('RollingUpdateStrategy:  25% max unavailable');
    expect(await kubectl('describe', 'service', 'web')).toMatch(/Endpoints: +10\.244\./);
    expect(await kubectl('describe', 'node', 'arya')).toContain('Non-terminated Pods:');
  });

  test('label and annotate add, overwrite and take away', async () => {
    await kubectl('label', 'deployment', 'web', 'team=a');
    expect((await attempt('label', 'deployment', 'web', 'team=b')).stderr).toContain('--overwrite is false');
    await kubectl('label', 'deployment', 'web', 'team=b', '--overwrite');
    await kubectl('annotate', 'deployment', 'web', 'note=hola');
    expect((await json('get', 'deployment', 'web')).metadata).toMatchObject({
      labels: { team: 'b' },
      annotations: { note: 'hola' },
    });
    await kubectl('label', 'deployment', 'web', 'team-');
    expect((await json('get', 'deployment', 'web')).metadata.labels).toEqual({ app: 'web' });
  });

  test('scale, set image and restart roll out; undo goes back', async () => {
    await kubectl('scale', 'deployment', 'web', '--replicas=3');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=20s');
    expect((await json('get', 'deployment', 'web')).status.readyReplicas).toBe(3);
    await kubectl('set', 'image', 'deployment/web', 'web=nginx:1.28');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=20s');
    await kubectl('rollout', 'restart', 'deployment/web');
    expect(await kubectl('rollout', 'status', 'deployment/web', '--timeout=20s')).toContain('successfully rolled out');
    expect(await kubectl('rollout', 'history', 'deployment/web')).toMatch(/^3 +<none>$/m);
    await kubectl('rollout', 'undo', 'deployment/web', '--to-revision=1');
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=20s');
    const { spec } = (await json('get', 'deployment', 'web')).spec.template;
    expect(spec.containers[0].image).toBe('docker.io/library/nginx:1.27');
    await kubectl('scale', 'deployment', 'web', '--replicas=2', '--current-replicas=3');
  });

  test('a rollout of an image that nobody has stays incomplete, with its reason', async () => {
    await kubectl('create', 'deployment', 'broken', '--image=registry.invalid/nothing:1');
    const { code } = await attempt('rollout', 'status', 'deployment/broken', '--timeout=1s');
    expect(code).toBe(1);
    await expect
      .poll(() => kubectl('get', 'pods', '-l', 'app=broken'), { timeout: 30_000, interval: 300 })
      .toMatch(/ErrImagePull|ImagePullBackOff/);
    expect((await attempt('logs', 'deployment/broken')).stderr).toContain('is waiting to start');
    await kubectl('delete', 'deployment', 'broken');
  });

  test('logs are read whole, by the tail and followed', async () => {
    await kubectl('run', 'talker', '--image=nginx');
    await kubectl('wait', 'pod/talker', '--for=condition=Ready', '--timeout=20s');
    const pod = (await kubectl('get', 'pods', '-l', 'app=web', '-o', 'name')).split('\n')[0] ?? '';
    const lines = (await kubectl('logs', pod)).trimEnd().split('\n');
    expect(lines[0]).not.toBe('');
    expect(await kubectl('logs', pod, '--tail=1')).toBe(`${lines.at(-1)}\n`);
    expect(await kubectl('logs', pod, '--tail=1', '--timestamps')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z /);
    expect((await attempt('logs', pod, '-c', 'nope')).stderr).toContain('container nope is not valid for pod');
    const following = spawn('kubectl', ['logs', '-f', 'talker'], { env });
    const ended = new Promise((resolve) => following.once('close', resolve));
    // Deleted before kubectl asks, the pod is not found and kubectl fails: its first line tells that it follows.
    expect(String(await once(following.stdout, 'data'))).not.toBe('');
    await kubectl('delete', 'pod', 'talker', '--now');
    expect(await ended).toBe(0);
  });

  test('wait sees conditions, fields and deletions', async () => {
    await kubectl('wait', 'deployment/web', '--for=condition=Available', '--timeout=10s');
    await kubectl('wait', 'deployment/web', '--for=jsonpath={.status.readyReplicas}=2', '--timeout=10s');
    await kubectl('create', 'configmap', 'short-lived');
    const gone = kubectl('wait', 'configmap/short-lived', '--for=delete', '--timeout=10s');
    await kubectl('delete', 'configmap', 'short-lived');
    await gone;
    expect((await attempt('wait', 'deployment/web', '--for=condition=Nope', '--timeout=1s')).code).toBe(1);
  });

  test('apply says created, unchanged, configured; diff shows what would change', async () => {
    const text = (size: string) =>
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: applied}, data: {size: "${size}"}}`;
    const small = await manifest(text('1'));
    expect(await kubectl('apply', '-f', small)).toContain('configmap/applied created');
    expect(await kubectl('apply', '-f', small)).toContain('configmap/applied unchanged');
    const large = await manifest(text('2'));
    const diff = await attempt('diff', '-f', large);
    expect([diff.code, diff.stdout]).toEqual([1, expect.stringContaining('+  size: "2"')]);
    expect(await kubectl('apply', '-f', large, '--dry-run=server')).toContain('configured (server dry run)');
    expect(await kubectl('apply', '-f', large)).toContain('configmap/applied configured');
    expect(await kubectl('delete', '-f', large)).toContain('configmap "applied" deleted');
  });

  test('an unknown field is refused by apply, as the API server does', async () => {
    const typo = await manifest('{apiVersion: apps/v1, kind: Deployment, metadata: {name: typo}, spec: {replcas: 1}}');
    const { code, stderr } = await attempt('apply', '-f', typo);
    expect(code).toBe(1);
    expect(stderr).toContain('strict decoding error: unknown field "spec.replcas"');
    expect(
      (await attempt('apply', '-f', await manifest('{apiVersion: v1, kind: Nope, metadata: {name: a}}'))).stderr,
    ).toContain('no matches for kind "Nope" in version "v1"');
  });

  test('server-side apply owns fields, refuses conflicts and takes them by force', async () => {
    const text = (data: string) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: owned}, data: ${data}}`;
    const both = await manifest(text('{a: "1", b: "1"}'));
    expect(await kubectl('apply', '--server-side', '-f', both)).toContain('serverside-applied');
    const other = await manifest(text('{a: "2"}'));
    const refused = await attempt('apply', '--server-side', '--field-manager=other', '-f', other);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('conflict with "kubectl": .data.a')]);
    await kubectl('apply', '--server-side', '--field-manager=other', '--force-conflicts', '-f', other);
    await kubectl('apply', '--server-side', '-f', await manifest(text('{}')));
    expect((await json('get', 'configmap', 'owned')).data).toEqual({ a: '2' });
  });

  test('the three types of patch', async () => {
    await kubectl(
      'patch',
      'deployment',
      'web',
      '-p',
      '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"1"}]}]}}}}',
    );
    await kubectl('patch', 'deployment', 'web', '--type=merge', '-p', '{"metadata":{"labels":{"merged":"yes"}}}');
    await kubectl(
      'patch',
      'deployment',
      'web',
      '--type=json',
      '-p',
      '[{"op":"add","path":"/spec/minReadySeconds","value":1}]',
    );
    const { metadata, spec } = await json('get', 'deployment', 'web');
    expect(metadata.labels.merged).toBe('yes');
    expect(spec.minReadySeconds).toBe(1);
    expect(spec.template.spec.containers).toMatchObject([
      { image: 'docker.io/library/nginx:1.27', env: [{ name: 'A' }] },
    ]);
    await kubectl(
      'patch',
      'deployment',
      'web',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/spec/minReadySeconds"}]',
    );
    expect(
      (await attempt('patch', 'deployment', 'web', '--type=json', '-p', '[{"op":"remove","path":"/x/y"}]')).code,
    ).toBe(1);
    await kubectl('patch', 'deployment', 'web', '--subresource=scale', '--type=merge', '-p', '{"spec":{"replicas":1}}');
    expect((await json('get', 'deployment', 'web')).spec.replicas).toBe(1);
  });

  test('edit writes back what the editor saved', async () => {
    await kubectl('create', 'configmap', 'edited', '--from-literal=word=before');
    const { code, stderr } = await run('kubectl', ['edit', 'configmap', 'edited'], {
      ...env,
      KUBE_EDITOR: 'sed -i s/before/after/',
    });
    expect([code, stderr]).toEqual([0, '']);
    expect((await json('get', 'configmap', 'edited')).data).toEqual({ word: 'after' });
  });

  test('typed create commands, which speak protobuf', async () => {
    await kubectl('create', 'secret', 'generic', 'key', '--from-literal=password=secreto');
    expect(await kubectl('get', 'secret', 'key', '-o', 'jsonpath={.data.password}')).toBe('c2VjcmV0bw==');
    await kubectl('create', 'deployment', 'typed', '--image=nginx', '--replicas=1', '--port=80');
    await kubectl('wait', 'deployment/typed', '--for=condition=Available', '--timeout=20s');
    await kubectl('expose', 'deployment', 'typed', '--port=8080', '--target-port=80', '--type=NodePort');
    expect((await json('get', 'service', 'typed')).spec.ports[0].nodePort).toBeGreaterThanOrEqual(30_000);
    await kubectl('create', 'service', 'clusterip', 'plain', '--tcp=5678:8080');
    expect((await json('get', 'service', 'plain')).spec.ports[0]).toMatchObject({ port: 5678, targetPort: 8080 });
    await kubectl('create', 'job', 'once', '--image=busybox', '--', 'true');
    await kubectl('create', 'role', 'reader', '--verb=get,list', '--resource=pods');
    await kubectl('create', 'rolebinding', 'reader', '--role=reader', '--serviceaccount=shop:default');
    await kubectl('autoscale', 'deployment', 'typed', '--max=3');
    await kubectl('create', '-f', await manifest('{apiVersion: v1, kind: ConfigMap, metadata: {generateName: made-}}'));
    expect(await kubectl('get', 'configmaps', '-o', 'name')).toMatch(/configmap\/made-[a-z0-9]{5}\n/);
  });

  test('roles decide what a service account may do', async () => {
    const account = 'system:serviceaccount:shop:default';
    expect((await attempt('auth', 'can-i', 'list', 'pods', `--as=${account}`)).stdout).toBe('yes\n');
    expect((await attempt('auth', 'can-i', 'delete', 'pods', `--as=${account}`)).stdout).toBe('no\n');
    const { stderr } = await attempt('get', 'secrets', `--as=${account}`);
    expect(stderr).toContain(
      `User "${account}" cannot list resource "secrets" in API group "" in the namespace "shop"`,
    );
    const token = (await kubectl('create', 'token', 'default')).trim();
    expect(await kubectl('get', 'pods', '-o', 'name', `--token=${token}`)).toContain('pod/');
    expect(await kubectl('auth', 'whoami', `--token=${token}`)).toContain(account);
  });

  test('a node is drained and comes back', async () => {
    await kubectl('drain', 'arya', '--ignore-daemonsets', '--delete-emptydir-data', '--force', '--timeout=30s');
    expect(await kubectl('get', 'node', 'arya')).toContain('Ready,SchedulingDisabled');
    expect(await kubectl('get', 'pods', '--field-selector=spec.nodeName=arya')).toContain('No resources found');
    await kubectl('uncordon', 'arya');
    expect(await kubectl('get', 'node', 'arya')).not.toContain('SchedulingDisabled');
  });

  test('a CRD is served as soon as it is made, and gone with its objects when deleted', async () => {
    const crd = await manifest(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.sea.example}
spec:
  group: sea.example
  scope: Namespaced
  names: {kind: Boat, plural: boats, singular: boat, shortNames: [bt]}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: {spec: {type: object, properties: {sails: {type: integer}}}}
      additionalPrinterColumns: [{name: Sails, type: integer, jsonPath: .spec.sails}]
`);
    await kubectl('apply', '-f', crd);
    await kubectl('wait', '--for=condition=Established', 'crd/boats.sea.example', '--timeout=10s');
    await kubectl(
      'apply',
      '-f',
      await manifest('{apiVersion: sea.example/v1, kind: Boat, metadata: {name: a}, spec: {sails: 2}}'),
    );
    expect(await kubectl('get', 'bt')).toMatch(/^NAME +SAILS\na +2\n$/);
    expect(await kubectl('explain', 'boats.spec')).toContain('sails');
    await kubectl('delete', '-f', crd);
    expect((await attempt('get', 'boats')).code).toBe(1);
  });

  test('deleting a namespace takes all that it holds', async () => {
    await kubectl('create', 'namespace', 'doomed');
    await kubectl('create', 'deployment', 'web', '--image=nginx', '-n', 'doomed');
    await kubectl('delete', 'namespace', 'doomed', '--timeout=30s');
    expect((await attempt('get', 'namespace', 'doomed')).stderr).toContain('NotFound');
    expect(await kubectl('get', 'pods', '-n', 'doomed')).toContain('No resources found');
  });

  test('delete by label, by --all and with --cascade=orphan', async () => {
    await kubectl('create', 'deployment', 'orphans', '--image=nginx');
    await kubectl('rollout', 'status', 'deployment/orphans', '--timeout=20s');
    await kubectl('delete', 'deployment', 'orphans', '--cascade=orphan');
    expect(await kubectl('get', 'replicasets', '-l', 'app=orphans', '-o', 'name')).toContain(
      'replicaset.apps/orphans-',
    );
    await kubectl('delete', 'replicasets,pods', '-l', 'app=orphans', '--grace-period=1');
    await kubectl('delete', 'configmaps', '--all');
    await expect
      .poll(() => kubectl('get', 'configmaps', '-o', 'name'), { timeout: 20_000 })
      .toBe('configmap/kube-root-ca.crt\n');
  });
});
