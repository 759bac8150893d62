import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import type { KubeClient, ObjectRef } from '../contract.ts';
import type { WayIn } from '../kubeconfig.ts';
import { type ClassSettings, usualLimits } from './class.ts';
import { classObjects, createClass } from './create-class.ts';
import { planDeletion } from './delete-class.ts';
import { readGround } from './settings.ts';

const settings: ClassSettings = {
  name: 'aula',
  istio: 'istio-system',
  revision: '',
  podRanges: ['10.244.0.0/24', 'fd00:10::/64'],
  limits: usualLimits,
};
const students = [
  { id: 'ana', name: 'Ana' },
  { id: 'eva', name: 'Eva' },
];
const objects = classObjects(settings, students, []);
const find = (kind: string, name: string, namespace?: string) =>
  objects.find((o) => o.kind === kind && o.metadata.name === name && o.metadata.namespace === namespace);

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

describe('what a class is made of', () => {
  test('everything says that Malla made it, and what is a student’s says whose', () => {
    for (const { kind, metadata } of objects) {
      expect(metadata.labels, `${kind} ${metadata.name}`).toMatchObject({ 'app.kubernetes.io/managed-by': 'malla' });
      if (metadata.namespace?.startsWith('aula-')) expect(metadata.labels).toHaveProperty(['malla.dev/alumno']);
    }
  });

  test('guards come before the first namespace', () => {
    const first = objects.findIndex((o) => o.kind === 'Namespace');
    expect(objects.findLastIndex((o) => o.kind.startsWith('ValidatingAdmissionPolicy'))).toBeLessThan(first);
  });

  test('guards look at namespaced objects only: a selector of namespaces keeps none of the others out', () => {
    const policies = objects.filter((o) => o.kind === 'ValidatingAdmissionPolicy');
    expect(policies.length).toBeGreaterThan(5);
    for (const { spec } of policies) {
      const { matchConstraints } = spec as {
        matchConstraints: { resourceRules: { scope?: string }[]; namespaceSelector: unknown };
      };
      expect(matchConstraints.resourceRules.map((r) => r.scope)).not.toContain(undefined);
      expect(matchConstraints.resourceRules.every((r) => r.scope === 'Namespaced')).toBe(true);
      expect(matchConstraints.namespaceSelector).toEqual({
        matchExpressions: [{ key: 'malla.dev/aula', operator: 'Exists' }],
      });
    }
  });

  test('each policy is bound, and denies', () => {
    const names = (kind: string) => objects.filter((o) => o.kind === kind).map((o) => o.metadata.name);
    expect(names('ValidatingAdmissionPolicyBinding')).toEqual(names('ValidatingAdmissionPolicy'));
  });

  test('a student’s own Role neither writes what limits it nor anything of rights', () => {
    const { rules } = find('Role', 'alumno', 'aula-ana') as unknown as { rules: Rule[] };
    const writes = rules
      .filter((r) => r.verbs.some((v) => !['get', 'list', 'watch'].includes(v)))
      .flatMap((r) => r.resources);
    for (const kept of [
      'namespaces',
      'resourcequotas',
      'limitranges',
      'networkpolicies',
      'roles',
      'rolebindings',
      'sidecars',
      'envoyfilters',
      'endpoints',
      'endpointslices',
      '*',
    ])
      expect(writes).not.toContain(kept);
    expect(rules.flatMap((r) => r.verbs)).not.toContain('*');
  });

  test('what all may read has no secrets, and writes nothing', () => {
    const shared = objects.filter((o) => /Role$/.test(o.kind) && o.metadata.name === 'malla-aula');
    expect(shared.map((o) => `${o.kind} ${o.metadata.namespace ?? ''}`)).toEqual([
      'ClusterRole ',
      'Role istio-system',
      'Role kube-node-lease',
    ]);
    for (const { rules } of shared as unknown as { rules: Rule[] }[])
      for (const { resources, verbs } of rules) {
        expect(resources).not.toContain('secrets');
        expect(resources.filter((r) => r.includes('/'))).toEqual([]);
        expect(verbs.every((v) => ['get', 'list', 'watch'].includes(v))).toBe(true);
      }
  });

  test('the mesh denies neighbours by their identity, and pods without one but not the nodes', () => {
    expect(find('AuthorizationPolicy', 'aula-vecinos', 'aula-ana')?.spec).toEqual({
      action: 'DENY',
      rules: [
        {
          from: [
            { source: { namespaces: ['aula-*'], notNamespaces: ['aula-ana'] } },
            {
              source: {
                notPrincipals: ['*'],
                ipBlocks: ['10.244.0.0/24', 'fd00:10::/64'],
                notIpBlocks: ['10.244.0.0/31', 'fd00:10::/127'],
              },
            },
          ],
        },
      ],
    });
  });

  test('the network lets in the own pods, Istio and what is no pod', () => {
    expect(find('NetworkPolicy', 'aula', 'aula-ana')).toHaveProperty('spec.ingress[0].from', [
      { podSelector: {} },
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-system' } } },
      { ipBlock: { cidr: '0.0.0.0/0', except: ['10.244.0.0/24'] } },
      { ipBlock: { cidr: '::/0', except: ['fd00:10::/64'] } },
    ]);
  });

  test('each gateway has a label of its own', () => {
    for (const id of ['ana', 'eva'])
      expect(find('Service', 'istio-ingressgateway', `aula-${id}`)).toHaveProperty(
        'spec.selector.istio',
        `ingressgateway-${id}`,
      );
  });

  test('with a revision of Istio, the namespace asks for that one', () => {
    const [namespace] = classObjects({ ...settings, revision: 'v30' }, students, []).filter(
      (o) => o.kind === 'Namespace',
    );
    expect(namespace?.metadata.labels).toMatchObject({ 'istio.io/rev': 'v30' });
    expect(namespace?.metadata.labels).not.toHaveProperty('istio-injection');
  });
});

/** A cluster of memory: objects as they are applied, tokens as the controller writes them. */
function memory(initial: KubeObject[] = []) {
  const kept = new Map<string, KubeObject>();
  const key = ({ kind, namespace, name }: { kind: string; namespace?: string | undefined; name: string }) =>
    `${kind} ${namespace ?? ''}/${name}`;
  const put = (object: KubeObject): void => {
    const token =
      object.type === 'kubernetes.io/service-account-token'
        ? { data: { token: Buffer.from(`token of ${object.metadata.namespace}`).toString('base64') } }
        : {};
    const ports =
      object.kind === 'Service'
        ? {
            spec: {
              ports: [
                { name: 'http2', nodePort: 30_080 },
                { name: 'https', nodePort: 30_443 },
              ],
            },
          }
        : {};
    kept.set(key({ kind: object.kind, ...object.metadata }), { ...object, ...token, ...ports });
  };
  for (const object of initial) put(object);
  const client: Partial<KubeClient> = {
    get: async (ref: ObjectRef) => kept.get(key(ref)),
    list: async ({ kind, labelSelector }) => {
      const [label = '', value] = (labelSelector ?? '').split('=');
      return [...kept.values()].filter(
        (o) =>
          o.kind === kind &&
          (label === '' ||
            (o.metadata.labels?.[label] !== undefined && (value === undefined || o.metadata.labels[label] === value))),
      );
    },
    apply: async (object) => {
      put(object);
      return { object, change: 'created' };
    },
    patch: async (ref, _type, body) => {
      const found = kept.get(key(ref)) as KubeObject;
      const { annotations } = (body as KubeObject).metadata;
      put({
        ...found,
        metadata: { ...found.metadata, annotations: { ...found.metadata.annotations, ...annotations } },
      });
      return found;
    },
  };
  return { kept, client: client as KubeClient };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-clase-'));
});
afterAll(() => rm(folder, { recursive: true }));

const way: WayIn = { server: 'https://10.0.0.1:6443', tls: { ca: 'CA' }, headers: async () => ({}) };
const create = (client: KubeClient, more: object = {}) =>
  createClass({
    client,
    settings,
    students,
    server: way.server,
    allowLoopback: false,
    way,
    nodeHost: '10.0.0.2',
    folder,
    signal: new AbortController().signal,
    onProgress() {},
    ...more,
  });

describe('making a class', () => {
  test('hands out a kubeconfig for each, that only its owner reads, and says where each comes in', async () => {
    const { client, kept } = memory();
    const made = await create(client);
    expect(made.map((m) => m.entry)).toEqual(['http://10.0.0.2:30080', 'http://10.0.0.2:30080']);
    const path = join(folder, 'ana.yaml');
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      contexts: [{ context: { namespace: 'aula-ana' } }],
      clusters: [{ cluster: { server: 'https://10.0.0.1:6443' } }],
      users: [{ user: { token: 'token of aula-ana' } }],
    });
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(kept.get('Namespace /aula-ana')?.metadata.annotations).toMatchObject({
      'malla.dev/entrada': 'http://10.0.0.2:30080',
      'malla.dev/entrada-segura': 'https://10.0.0.2:30443',
    });
  });

  test('with a domain, each comes in by the own name', async () => {
    const made = await create(memory().client, { domain: 'clase.example' });
    expect(made.map((m) => m.entry)).toEqual(['http://ana.clase.example:30080', 'http://eva.clase.example:30080']);
  });

  test('does not take a namespace that is another’s', async () => {
    const mine = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'aula-eva', labels: { app: 'mio' } } };
    const { client, kept } = memory([mine]);
    await expect(create(client)).rejects.toMatchObject({ code: 'MALLA-AUL-05' });
    expect([...kept.keys()]).toEqual(['Namespace /aula-eva']);
  });

  test.each(['https://127.0.0.1:6443', 'https://localhost:6443', 'https://[::1]:6443'])(
    'with the API at %s, nobody else would get there',
    async (server) => {
      await expect(create(memory().client, { server })).rejects.toMatchObject({ code: 'MALLA-AUL-07' });
    },
  );

  test('those of other classes keep what they may read', async () => {
    const other = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'tarde-luis', labels: { 'malla.dev/aula': 'tarde' } },
    };
    const { client, kept } = memory([other]);
    await create(client);
    const { subjects } = kept.get('ClusterRoleBinding /malla-aula') as unknown as { subjects: { namespace: string }[] };
    expect(subjects.map((s) => s.namespace)).toEqual(['aula-ana', 'aula-eva', 'tarde-luis']);
  });
});

describe('taking it away', () => {
  test('names its own namespaces, and what is shared only when nobody else needs it', async () => {
    const { client } = memory();
    await create(client);
    const all = await planDeletion(client, 'aula', [], 'istio-system');
    expect(all.namespaces).toEqual(['aula-ana', 'aula-eva']);
    expect(all.shared.length).toBeGreaterThan(10);
    const one = await planDeletion(client, 'aula', ['eva'], 'istio-system');
    expect(one).toEqual({ namespaces: ['aula-eva'], shared: [], kept: ['aula-ana'] });
    expect((await planDeletion(client, 'otra', [], 'istio-system')).namespaces).toEqual([]);
  });
});

describe('a cluster that is not fit for a class', () => {
  const istiod = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system', labels: { app: 'istiod' } },
  };
  const ground = (gitVersion: string, initial: KubeObject[], allowed = true, name = 'aula') => {
    const { client } = memory(initial);
    const more: Partial<KubeClient> = {
      raw: async () => ({ gitVersion }),
      serverTime: async () => 0,
      create: async (review) => ({ ...review, status: { allowed } }),
    };
    return readGround({ ...client, ...more } as KubeClient, name, usualLimits, () => 0);
  };

  test('is told: too old, simulated, without Istio, without rights, or a name that is none', async () => {
    await expect(ground('v1.29.3', [istiod])).rejects.toMatchObject({ code: 'MALLA-AUL-03' });
    await expect(ground('v1.34.0+malla', [istiod])).rejects.toMatchObject({ code: 'MALLA-AUL-03' });
    await expect(ground('v1.34.0', [])).rejects.toMatchObject({ code: 'MALLA-AUL-03' });
    await expect(ground('v1.34.0', [istiod], false)).rejects.toMatchObject({ code: 'MALLA-AUL-04' });
    await expect(ground('v1.34.0', [istiod], true, 'Clase 1')).rejects.toMatchObject({ code: 'MALLA-AUL-09' });
  });

  test('one that is, tells what it cannot keep apart', async () => {
    const flannel = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'kube-flannel-ds', namespace: 'kube-flannel' },
    };
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'nieve' }, spec: { podCIDRs: ['10.244.0.0/24'] } };
    const { settings: found, warnings } = await ground('v1.34.0', [istiod, flannel, node]);
    expect(found).toMatchObject({ istio: 'istio-system', revision: '', podRanges: ['10.244.0.0/24'] });
    expect(warnings).toEqual([expect.stringContaining('flannel no cumple NetworkPolicy')]);
  });
});
