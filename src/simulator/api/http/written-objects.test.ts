// What the API server writes into objects, says of writes that it cannot read, and leaves out of what it keeps.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi } from './fixtures/test-api.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';

let api: ReturnType<typeof createTestApi>;

beforeAll(async () => {
  api = createTestApi();
  await api.call(`POST ${maps}`, { body: { metadata: { name: 'uno' }, data: { a: '1' } } });
  await api.call(`POST ${pods}`, {
    body: { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'x:1' }] } },
  });
});

afterAll(() => api.close());

const post = (path: string, body: object) => api.json(`POST ${path}?dryRun=All`, { body });
const patch = (path: string, type: string, body: unknown) =>
  api.json(`PATCH ${path}`, { body, headers: { 'content-type': `application/${type}-patch+json` } });

const batch = '/apis/batch/v1/namespaces/default';
const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x:1' }] } };

describe('defaults', () => {
  test.each<[string, string, object, object]>([
    [
      'a binding knows its group',
      '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
      { metadata: { name: 'x' }, roleRef: { kind: 'Role', name: 'x' }, subjects: [{ kind: 'User', name: 'ana' }] },
      { roleRef: { apiGroup: 'rbac.authorization.k8s.io' }, subjects: [{ apiGroup: 'rbac.authorization.k8s.io' }] },
    ],
    [
      'a class of storage binds at once and deletes',
      '/apis/storage.k8s.io/v1/storageclasses',
      { metadata: { name: 'x' }, provisioner: 'example.com/x' },
      { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
    ],
    [
      'a claim is guarded',
      '/api/v1/namespaces/default/persistentvolumeclaims',
      {
        metadata: { name: 'x' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
      },
      {
        metadata: { finalizers: ['kubernetes.io/pvc-protection'] },
        spec: { volumeMode: 'Filesystem', resources: { requests: { storage: '1Gi' } } },
        status: { phase: 'Pending' },
      },
    ],
    [
      'a CronJob completes the pods of its Jobs',
      `${batch}/cronjobs`,
      { metadata: { name: 'x' }, spec: { schedule: '@daily', jobTemplate: { spec: { template } } } },
      { spec: { jobTemplate: { spec: { template: { spec: { dnsPolicy: 'ClusterFirst' } } } } }, status: {} },
    ],
    [
      'a slice of endpoints names its ports',
      '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
      { metadata: { name: 'x' }, addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ port: 80 }] },
      { endpoints: [{ conditions: {} }], ports: [{ name: '', protocol: 'TCP' }] },
    ],
    [
      'a webhook fails closed',
      '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
      {
        metadata: { name: 'x' },
        webhooks: [
          {
            name: 'x.example.com',
            clientConfig: { service: { name: 'x', namespace: 'y' } },
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
          },
        ],
      },
      {
        webhooks: [
          {
            failurePolicy: 'Fail',
            timeoutSeconds: 10,
            reinvocationPolicy: 'Never',
            clientConfig: { service: { port: 443 } },
          },
        ],
      },
    ],
  ])('%s', async (_what, path, body, expected) => {
    expect((await post(path, body)).body).toMatchObject(expected);
  });

  test('a Job selects its pods by its own uid', async () => {
    const { body } = await post(`${batch}/jobs`, { metadata: { name: 'j' }, spec: { template } });
    const { uid } = body.metadata;
    expect(body.spec.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': uid } });
    expect(body.spec.template.metadata.labels).toMatchObject({ 'job-name': 'j', 'controller-uid': uid });
  });

  test('an event says what it does not know', async () => {
    const { body } = await post('/api/v1/namespaces/default/events', {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'x', namespace: 'default' },
    });
    expect(body).toMatchObject({ eventTime: null, firstTimestamp: null, lastTimestamp: null, source: {} });
  });

  test('the autoscaler and configuration have no generation, workloads do', async () => {
    const spec = { maxReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } };
    const hpa = await post('/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', {
      metadata: { name: 'h' },
      spec,
    });
    expect(hpa.body.metadata.generation).toBeUndefined();
    expect(
      (await post(`${batch}/jobs`, { metadata: { name: 'j' }, spec: { template } })).body.metadata.generation,
    ).toBe(1);
  });
});

test('empty maps are not kept', async () => {
  const { body } = await api.json(`POST ${maps}`, { body: { metadata: { name: 'vacio', labels: {} }, data: {} } });
  expect(body.data).toBeUndefined();
  expect(body.metadata.labels).toBeUndefined();
});

describe('a patch that leaves something that cannot be read is shown', () => {
  test('whole, when it is a merge', async () => {
    const { body } = await patch(`${maps}/uno`, 'merge', { data: { b: 1 } });
    expect(body).toMatchObject({ code: 422, details: { causes: [{ field: 'patch', reason: 'FieldValueInvalid' }] } });
    expect(body.message).toMatch(
      /^ "" is invalid: patch: Invalid value: "\{\\"apiVersion\\":\\"v1\\",\\"data\\":\{\\"a\\":\\"1\\",\\"b\\":1\}/,
    );
    expect(body.message).toMatch(
      /: json: cannot unmarshal number into Go struct field ConfigMap\.data of type string$/,
    );
  });

  test('as Go prints it, when it is strategic', async () => {
    const { body } = await patch(`${maps}/uno?fieldValidation=Strict`, 'strategic-merge', { nada: { x: [1, 'a'] } });
    expect(body.message).toBe(
      ' "" is invalid: patch: Invalid value: "map[nada:map[x:[1 a]]]": strict decoding error: unknown field "nada"',
    );
  });

  test('when it makes another kind of it', async () => {
    expect((await patch(`${maps}/uno`, 'merge', { kind: 'Secret' })).body.code).toBe(422);
  });

  test('another uid is refused twice over', async () => {
    const { body } = await patch(`${maps}/uno`, 'merge', { metadata: { uid: 'x' } });
    expect(body.details.causes).toHaveLength(2);
    expect(body.message).toBe('ConfigMap "uno" is invalid: metadata.uid: Invalid value: "x": field is immutable');
  });
});

test('a lease is not replaced unread', async () => {
  const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
  await api.call(`POST ${leases}`, { body: { metadata: { name: 'l' } } });
  expect((await api.json(`PUT ${leases}/l`, { body: { metadata: { name: 'l' } } })).body.message).toBe(
    'leases.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  );
});

test('what is going away takes no new finalizers', async () => {
  await api.call(`POST ${maps}`, { body: { metadata: { name: 'va', finalizers: ['example.com/a'] } } });
  await api.call(`DELETE ${maps}/va`);
  const { body } = await patch(`${maps}/va`, 'merge', { metadata: { finalizers: ['example.com/a', 'example.com/b'] } });
  expect(body.message).toContain(
    'no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/b"}',
  );
});

test('what an update makes belongs to who makes it, and may be taken away', async () => {
  const own = async () => (await api.json(`GET ${maps}/de`)).body.metadata.managedFields;
  await api.call(`POST ${maps}?fieldManager=ana`, { body: { metadata: { name: 'de' }, data: { a: '1' } } });
  expect((await own())[0]).toMatchObject({ manager: 'ana', fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } } });
  await patch(`${maps}/de?fieldManager=luis`, 'merge', { data: { a: '2' } });
  expect((await own()).map((m: { manager: string; fieldsV1: object }) => [m.manager, m.fieldsV1])).toEqual([
    ['ana', { 'f:data': {} }],
    ['luis', { 'f:data': { 'f:a': {} } }],
  ]);
  await patch(`${maps}/de`, 'merge', { metadata: { managedFields: [{}] } });
  expect(await own()).toBeUndefined();
});

test('an apply with the same item twice is refused', async () => {
  const body = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's' },
    spec: { ports: [{ port: 81 }, { port: 81 }] },
  };
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  expect(
    (await api.json('PATCH /api/v1/namespaces/default/services/s?fieldManager=ana', { body, headers })).body,
  ).toMatchObject({
    code: 500,
    message:
      'failed to create typed patch object (/s; /v1, Kind=Service): .spec.ports: duplicate entries for key [port=81,protocol="TCP"]',
  });
});

describe('parts of a pod', () => {
  const debug = (image: string) =>
    patch(`${pods}/p/ephemeralcontainers`, 'strategic-merge', {
      spec: { ephemeralContainers: [{ name: 'e', image }] },
    });

  test('a container to debug with is put beside the others, and stays as it is', async () => {
    expect((await debug('busybox:1')).body.spec.ephemeralContainers).toMatchObject([{ name: 'e', image: 'busybox:1' }]);
    expect((await debug('other:1')).body).toMatchObject({
      code: 422,
      details: { causes: [{ field: 'spec.ephemeralContainers', reason: 'FieldValueForbidden' }] },
    });
    expect((await api.json(`GET ${pods}/p/ephemeralcontainers`)).body.kind).toBe('Pod');
  });

  test.each<[object, string]>([
    [{ name: 'c', image: 'x:1' }, 'name: Duplicate value: "c"'],
    [{ name: 'f', image: 'x:1', ports: [{ containerPort: 80 }] }, 'cannot be set for an Ephemeral Container'],
    [{ name: 'f', image: 'x:1', targetContainerName: 'nada' }, 'targetContainerName: Not found: "nada"'],
  ])('%j may not be one', async (container, message) => {
    const { body } = await patch(`${pods}/p/ephemeralcontainers`, 'strategic-merge', {
      spec: { ephemeralContainers: [container] },
    });
    expect(body.message).toContain(message);
  });

  test('resources change by resize alone, within the class of the pod', async () => {
    const resources = (cpu: string) => ({ requests: { cpu } });
    const spec = { containers: [{ name: 'c', image: 'x:1', resources: resources('100m') }] };
    await api.call(`POST ${pods}`, { body: { metadata: { name: 'r' }, spec } });
    const change = (cpu: unknown, by: string) =>
      patch(`${pods}/r${by}`, 'strategic-merge', { spec: { containers: [{ name: 'c', resources: cpu }] } });
    expect((await change(resources('200m'), '')).body.message).toContain(
      'pod updates may not change fields other than',
    );
    const { body } = await change(resources('200m'), '/resize');
    expect(body.spec.containers[0].resources).toEqual(resources('200m'));
    expect(body.metadata.generation).toBe(2);
    expect(
      (await change({ requests: { cpu: '200m', memory: '1Gi' }, limits: { cpu: '200m', memory: '1Gi' } }, '/resize'))
        .body.message,
    ).toContain('Pod QOS Class may not change as a result of resizing');
  });
});

describe('what a log cannot be asked for', () => {
  test.each([
    ['tailLines=-1', 'tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['sinceSeconds=0', 'sinceSeconds: Invalid value: 0: must be greater than 0'],
    ['sinceTime=ayer', 'cannot parse "ayer" as "2006"'],
    ['sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z', 'at most one of `sinceTime` or `sinceSeconds` may be specified'],
  ])('%s', async (query, message) => {
    expect((await api.json(`GET ${pods}/p/log?${query}`)).body.message).toContain(message);
  });

  test('of a pod that nobody has yet, there is nothing', async () => {
    expect(await api.call(`GET ${pods}/p/log`)).toMatchObject({ status: 204, body: '' });
  });
});

test('policies are read before they are kept', async () => {
  const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }];
  const policy = (spec: object) => post(path, { metadata: { name: 'x' }, spec });
  const broken = await policy({ matchConstraints: { resourceRules: rules }, validations: [{ expression: 'object.' }] });
  expect(broken.body.details.causes).toEqual([
    {
      reason: 'FieldValueInvalid',
      field: 'spec.validations[0].expression',
      message:
        'Invalid value: "object.": compilation failed: ERROR: <input>:1:8: Syntax error: no viable alternative at input \'.\'\n | object.\n | .......^',
    },
  ]);
  expect((await policy({ matchConstraints: {} })).body.details.causes).toHaveLength(3);
});

test('a Secret whose certificate is none is kept, with a warning', async () => {
  const data = { 'tls.crt': 'eA==', 'tls.key': 'eA==' };
  const { status, headers } = await api.call('POST /api/v1/namespaces/default/secrets?dryRun=All', {
    body: { metadata: { name: 't' }, type: 'kubernetes.io/tls', data },
  });
  expect(status).toBe(201);
  expect(headers.warning).toEqual(['299 - "tls: failed to find any PEM data in certificate input"']);
});

test('a refusal warns, too', async () => {
  const body = { metadata: { name: 'x' }, subsets: [{ addresses: [{ ip: 'mala' }] }] };
  const reply = await api.call('POST /api/v1/namespaces/default/endpoints', { body });
  expect(reply.status).toBe(422);
  expect(reply.headers.warning).toEqual([
    '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"',
  ]);
});

test('what has been asked is counted', async () => {
  await api.call(`GET ${maps}/uno`);
  const reply = await api.call('GET /metrics');
  expect(reply.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(String(reply.body)).toMatch(
    /^apiserver_request_total\{code="200",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="GET",version="v1"\} [1-9]/m,
  );
  expect(String(reply.body)).toMatch(/^apiserver_storage_objects\{resource="configmaps"\} [1-9]/m);
});

test('a node tells of its pods behind the proxy', async () => {
  api.registry.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
  const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'x:1' }] };
  api.registry.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'suyo', namespace: 'default' },
    spec,
  });
  const { body } = await api.json('GET /api/v1/nodes/n/proxy/pods');
  expect(body.items.map((pod: { metadata: { name: string } }) => pod.metadata.name)).toEqual(['suyo']);
  expect((await api.json('GET /api/v1/nodes/n/proxy/stats/summary')).body.node.nodeName).toBe('n');
  expect((await api.call('GET /api/v1/nodes/n/proxy/nada')).status).toBe(404);
});
