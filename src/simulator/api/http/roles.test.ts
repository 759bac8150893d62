import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi } from './fixtures/test-api.ts';

const GROUP = 'rbac.authorization.k8s.io';
const roles = `/apis/${GROUP}/v1/namespaces/default/roles`;
const bindings = `/apis/${GROUP}/v1/namespaces/default/rolebindings`;
const as = (name: string, ...groups: string[]) => ({ name, groups: [...groups, 'system:authenticated'] });

let api: ReturnType<typeof createTestApi>;

beforeAll(async () => {
  api = createTestApi();
  await api.call(`POST ${roles}`, { body: role('lee', [rule('configmaps', 'get')]) });
  await api.call(`POST ${roles}`, { body: role('reparte', [{ ...rule('roles', '*'), apiGroups: [GROUP] }]) });
  await api.call(`POST ${roles}`, {
    body: role('ata', [{ ...rule('rolebindings', '*'), apiGroups: [GROUP] }, rule('configmaps', 'get')]),
  });
  for (const [user, name] of [
    ['ana', 'lee'],
    ['eva', 'nada'],
    ['jefa', 'reparte'],
    ['luis', 'ata'],
  ] as const)
    await api.call(`POST ${bindings}`, { body: binding(name, 'Role', name, user) });
});

afterAll(() => api.close());

function role(name: string, rules: object[]) {
  return { apiVersion: `${GROUP}/v1`, kind: 'Role', metadata: { name }, rules };
}

function rule(resource: string, verb: string) {
  return { apiGroups: [''], resources: [resource], verbs: [verb] };
}

function binding(name: string, kind: string, of: string, user: string) {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'RoleBinding',
    metadata: { name },
    roleRef: { apiGroup: GROUP, kind, name: of },
    subjects: [{ kind: 'User', name: user }],
  };
}

const review = (user: string, verb: string, resource: string) =>
  api.json('POST /apis/authorization.k8s.io/v1/subjectaccessreviews', {
    body: { spec: { user, resourceAttributes: { namespace: 'default', verb, resource } } },
  });

test('a review tells by which binding, or which role is missing', async () => {
  expect((await review('ana', 'get', 'configmaps')).body.status).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "lee/default" of Role "lee" to User "ana"',
  });
  expect((await review('ana', 'list', 'configmaps')).body.status).toEqual({ allowed: false });
  expect((await review('eva', 'get', 'configmaps')).body.status).toEqual({
    allowed: false,
    reason: `RBAC: role.${GROUP} "nada" not found`,
  });
});

test('a review of nobody about nothing is refused with both', async () => {
  const { body } = await api.json('POST /apis/authorization.k8s.io/v1/subjectaccessreviews', { body: { spec: {} } });
  expect(body.code).toBe(422);
  expect(body.details.causes.map((c: { field: string }) => c.field)).toEqual(['spec.resourceAttributes', 'spec.user']);
});

test('everybody who is known may discover and ask about themselves; who is not, sees the version', async () => {
  const nobody = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
  expect((await api.call('GET /apis', { user: as('ana') })).status).toBe(200);
  expect((await api.call('GET /metrics', { user: as('ana') })).status).toBe(403);
  expect((await api.call('GET /metrics', { user: as('ana', 'system:monitoring') })).status).toBe(200);
  expect((await api.call('GET /version', { user: nobody })).status).toBe(200);
  expect((await api.call('GET /apis', { user: nobody })).status).toBe(403);
});

test('who may write roles gives away only what they have', async () => {
  const more = role('mas', [rule('secrets', 'get')]);
  const denied = await api.json(`POST ${roles}`, { body: more, user: as('otra') });
  expect(denied.body.code).toBe(403);
  // `jefa` may do anything to roles, escalate too.
  expect((await api.call(`POST ${roles}?dryRun=All`, { body: more, user: as('jefa') })).status).toBe(201);
});

test('who may bind gives away only what they have, and hears what is missing', async () => {
  const post = (body: object) => api.json(`POST ${bindings}?dryRun=All`, { body, user: as('luis') });
  expect((await post(binding('igual', 'Role', 'lee', 'luis'))).status).toBe(201);
  const { body } = await post(binding('mas', 'ClusterRole', 'cluster-admin', 'luis'));
  expect(body).toMatchObject({ code: 403, details: { name: 'mas', group: GROUP, kind: 'rolebindings' } });
  expect(body.message).toBe(
    `rolebindings.${GROUP} "mas" is forbidden: user "luis" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}`,
  );
  expect((await post(binding('nadie', 'Role', 'inventado', 'luis'))).body.message).toBe(
    `role.${GROUP} "inventado" not found`,
  );
  const { roleRef: _none, ...without } = binding('sin', 'Role', 'x', 'luis');
  expect((await post(without)).body).toMatchObject({ code: 500, message: 'unsupported role reference kind: ""' });
});

test('an administrator is told what the bindings give, not that nobody asks them', async () => {
  const list = async (user: ReturnType<typeof as>) =>
    (
      await api.json('POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
        user,
        body: { spec: { namespace: 'default' } },
      })
    ).body.status.resourceRules;
  await api.call(`POST ${bindings}`, { body: binding('jefes', 'Role', 'lee', 'root') });
  const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
  const whatAnaMay = await list(as('ana'));
  expect(whatAnaMay).toContainEqual(rule('configmaps', 'get'));
  expect(await list(as('root', 'system:masters'))).toEqual([everything, ...whatAnaMay]);
});
