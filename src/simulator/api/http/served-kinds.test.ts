// Kinds that are served in a form of their own: events of the newer group, autoscalers of the older version, metrics,
// policies.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { createTestApi } from './fixtures/test-api.ts';

let api: ReturnType<typeof createTestApi>;
beforeEach(() => {
  api = createTestApi();
});
afterEach(() => api.close());

test('an event of events.k8s.io and of the core group is one, with the names of each', async () => {
  const event = {
    metadata: { name: 'e' },
    regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
    note: 'hola',
    reason: 'Saludo',
    type: 'Normal',
    action: 'Saludar',
    eventTime: '2026-03-01T10:00:00.000000Z',
    reportingController: 'malla.dev/prueba',
    reportingInstance: 'a',
  };
  const made = await api.json('POST /apis/events.k8s.io/v1/namespaces/default/events', { body: event });
  expect([made.status, made.body.apiVersion, made.body.note]).toEqual([201, 'events.k8s.io/v1', 'hola']);
  const core = await api.json('GET /api/v1/namespaces/default/events/e');
  expect(core.body).toMatchObject({
    apiVersion: 'v1',
    message: 'hola',
    involvedObject: { name: 'p' },
    reportingComponent: 'malla.dev/prueba',
  });
  const list = await api.json('GET /apis/events.k8s.io/v1/namespaces/default/events');
  expect(list.body.items[0]).toMatchObject({ note: 'hola', regarding: { name: 'p' } });
  expect(list.body.items[0].message).toBeUndefined();
});

test('an autoscaler of v1 has its percentage as a metric in v2, and gives it back', async () => {
  const path = 'autoscaling/v1/namespaces/default/horizontalpodautoscalers';
  const spec = {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'w' },
    maxReplicas: 3,
    targetCPUUtilizationPercentage: 40,
  };
  await api.json(`POST /apis/${path}`, { body: { metadata: { name: 'h' }, spec } });
  const second = await api.json(`GET /apis/${path.replace('v1', 'v2')}/h`);
  expect(second.body.spec).toEqual({
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'w' },
    minReplicas: 1,
    maxReplicas: 3,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 40 } } }],
  });
  const first = await api.json(`GET /apis/${path}/h`);
  expect(first.body).toMatchObject({ apiVersion: 'autoscaling/v1', spec: { targetCPUUtilizationPercentage: 40 } });
  expect(first.body.spec.metrics).toBeUndefined();
});

test('a question has no table: 406', async () => {
  const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
  const body = { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } };
  const reply = await api.json('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { headers, body });
  expect(reply.status).toBe(406);
});

const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const bindings = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';

async function policy(spec: object, binding: object = { validationActions: ['Deny'] }) {
  const resourceRules = [
    { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE', 'UPDATE'] },
  ];
  await api.json(`POST ${policies}`, {
    body: { metadata: { name: 'p' }, spec: { matchConstraints: { resourceRules }, ...spec } },
  });
  await api.json(`POST ${bindings}`, { body: { metadata: { name: 'b' }, spec: { policyName: 'p', ...binding } } });
}

const make = (object: Partial<KubeObject>) =>
  api.json('POST /api/v1/namespaces/default/configmaps', { body: { metadata: { name: 'c' }, ...object } });

test('a policy refuses what its expression does not hold for, in its own words', async () => {
  await policy({
    validations: [
      {
        expression: "has(object.data) && 'a' in object.data",
        messageExpression: "'falta a en ' + object.metadata.name",
      },
    ],
  });
  const refused = await make({});
  expect([refused.status, refused.body.reason, refused.body.message]).toEqual([
    422,
    'Invalid',
    `configmaps "c" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: falta a en c`,
  ]);
  expect((await make({ data: { a: '1' } })).status).toBe(201);
});

test('variables, the namespace and the operation can be asked; conditions say when', async () => {
  await policy({
    matchConditions: [{ name: 'nuevos', expression: "request.operation == 'CREATE'" }],
    variables: [
      { name: 'n', expression: 'size(object.data)' },
      { name: 'odd', expression: 'variables.n % 2 == 1' },
    ],
    validations: [
      { expression: 'variables.odd', message: 'par' },
      { expression: "namespaceObject.metadata.name == 'default'" },
    ],
  });
  expect((await make({ data: { a: '1', b: '2' } })).body.message).toContain('denied request: par');
  expect((await make({ data: { a: '1' } })).status).toBe(201);
  const changed = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '1', b: '2' } };
  expect((await api.json('PUT /api/v1/namespaces/default/configmaps/c', { body: changed })).status).toBe(200);
});

test('a binding may only warn, and an expression that fails refuses unless failures are ignored', async () => {
  await policy({ validations: [{ expression: 'object.data.a == object.data.b' }] }, { validationActions: ['Warn'] });
  const reply = await api.call('POST /api/v1/namespaces/default/configmaps', {
    body: { metadata: { name: 'c' }, data: { a: '1', b: '2' } },
  });
  expect(reply.status).toBe(201);
  expect(String(reply.headers.warning)).toContain(
    "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: object.data.a == object.data.b",
  );
});

test('an expression that cannot be evaluated refuses, unless failures are ignored', async () => {
  await policy({ validations: [{ expression: "object.data.a == 'x'" }] });
  expect((await make({})).body.message).toContain("expression 'object.data.a == 'x'' resulted in error: ");
  const { body } = await api.json(`GET ${policies}/p`);
  await api.json(`PUT ${policies}/p`, { body: { ...body, spec: { ...body.spec, failurePolicy: 'Ignore' } } });
  expect((await make({})).status).toBe(201);
});

test('a namespace that the binding does not select is let alone', async () => {
  const matchResources = { namespaceSelector: { matchLabels: { aula: 'si' } } };
  await policy({ validations: [{ expression: 'false' }] }, { validationActions: ['Deny'], matchResources });
  expect((await make({})).status).toBe(201);
});

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

function crd(schema: object): object {
  const names = { plural: 'cosas', singular: 'cosa', kind: 'Cosa', listKind: 'CosaList' };
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'cosas.ejemplo.es' },
    spec: { group: 'ejemplo.es', scope: 'Namespaced', names, versions },
  };
}

test('a custom object written before its CRD had a default is read with it', async () => {
  const properties = { a: { type: 'string' }, b: { type: 'string' } };
  await api.json(`POST ${crds}`, { body: crd({ type: 'object', properties }) });
  const path = '/apis/ejemplo.es/v1/namespaces/default/cosas';
  await api.json(`POST ${path}`, {
    body: { apiVersion: 'ejemplo.es/v1', kind: 'Cosa', metadata: { name: 'c' }, b: 'x' },
  });
  const { body } = await api.json(`GET ${crds}/cosas.ejemplo.es`);
  body.spec.versions[0].schema.openAPIV3Schema.properties.a.default = 'A';
  await api.json(`PUT ${crds}/cosas.ejemplo.es`, { body });
  expect((await api.json(`GET ${path}/c`)).body).toMatchObject({ kind: 'Cosa', a: 'A', b: 'x' });
  expect((await api.json(`GET ${path}`)).body.items[0]).toMatchObject({ a: 'A', b: 'x' });
});

test('OpenAPI v2 says of a custom kind what kubectl can cope with', async () => {
  const spec = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { n: { type: 'string' } } };
  await api.json(`POST ${crds}`, { body: crd({ type: 'object', properties: { spec } }) });
  const { body } = await api.json('GET /openapi/v2');
  const known = body.definitions['es.ejemplo.v1.Cosa'];
  expect(known.properties.spec).toEqual({ 'x-kubernetes-preserve-unknown-fields': true });
  expect(known.properties.metadata.description).toBe("Standard object's metadata.");
  await api.json(`DELETE ${crds}/cosas.ejemplo.es`);
  await api.json(`POST ${crds}`, { body: crd({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }) });
  const again = await api.json('GET /openapi/v2');
  expect(again.body.definitions['es.ejemplo.v1.Cosa']).toEqual({
    type: 'object',
    'x-kubernetes-group-version-kind': [{ group: 'ejemplo.es', version: 'v1', kind: 'Cosa' }],
  });
});
