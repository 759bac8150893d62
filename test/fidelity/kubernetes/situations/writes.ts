// Create, update, the three patches, dry runs, field validation, and what is kept of a write.
import { apply, client, http, kubectl, type Situation, situation } from '../behaviour.ts';
import { configMap, deployment, pod, service } from '../objects.ts';

const maps = '/api/v1/namespaces/{ns}/configmaps';
const json = { 'content-type': 'application/json-patch+json' };
const merge = { 'content-type': 'application/merge-patch+json' };
const strategic = { 'content-type': 'application/strategic-merge-patch+json' };

export const writes: Situation[] = [
  situation('crear', 'escrituras', {
    'un objeto': http(`POST ${maps}`, { body: configMap('uno') }),
    'el mismo otra vez': http(`POST ${maps}`, { body: configMap('uno') }),
    'sin nombre': http(`POST ${maps}`, { body: configMap('') }),
    'con generateName': http(`POST ${maps}`, {
      body: { ...configMap(''), metadata: { generateName: 'gen-' } },
      only: ['metadata.generateName', 'kind'],
    }),
    'con resourceVersion': http(`POST ${maps}`, { body: configMap('dos', {}, { resourceVersion: '7' }) }),
    'con uid propio': http(`POST ${maps}`, { body: configMap('con-uid', {}, { uid: 'mio' }), only: ['metadata'] }),
    'con otro espacio de nombres': http(`POST ${maps}`, { body: configMap('dos', {}, { namespace: 'default' }) }),
    'en un espacio de nombres que no hay': http('POST /api/v1/namespaces/kf-nada/configmaps', { body: configMap('x') }),
    'de otra clase': http(`POST ${maps}`, { body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } } }),
    'de otra versión': http(`POST ${maps}`, { body: { ...configMap('x'), apiVersion: 'v2' } }),
    'sin clase': http(`POST ${maps}`, {
      body: { metadata: { name: 'sin-clase' } },
      only: ['kind', 'apiVersion', 'metadata.name'],
    }),
    'sin cuerpo': http(`POST ${maps}`, { body: '' }),
    'con la dirección de un objeto': http(`POST ${maps}/uno`, { body: configMap('uno') }),
    'de prueba no deja nada': [
      http(`POST ${maps}?dryRun=All`, { body: configMap('prueba') }),
      http(`GET ${maps}/prueba`),
    ],
    'dryRun inventado': http(`POST ${maps}?dryRun=Some`, { body: configMap('prueba') }),
    'create -f': kubectl('create -n {ns} -f -', { input: JSON.stringify(configMap('por-kubectl')) }),
    'create -f dos veces': kubectl('create -n {ns} -f -', { input: JSON.stringify(configMap('por-kubectl')) }),
    'create --dry-run=server': kubectl('create -n {ns} -f - --dry-run=server', {
      input: JSON.stringify(configMap('sombra')),
    }),
    'con la biblioteca': client(({ core }, ns) =>
      core.createNamespacedConfigMap({
        namespace: ns,
        body: { metadata: { name: 'de-biblioteca' }, data: { a: 'b' } },
      }),
    ),
    'dos veces con la biblioteca': client(({ core }, ns) =>
      core.createNamespacedConfigMap({ namespace: ns, body: { metadata: { name: 'de-biblioteca' } } }),
    ),
    'fieldManager larguísimo': http(`POST ${maps}?fieldManager=${'x'.repeat(130)}`, { body: configMap('largo') }),
  }),
  situation(
    'actualizar',
    'escrituras',
    {
      'sin resourceVersion': http(`PUT ${maps}/uno`, { body: configMap('uno', { a: '2' }) }),
      'con una vieja': http(`PUT ${maps}/uno`, { body: configMap('uno', { a: '3' }, { resourceVersion: '1' }) }),
      'con una que no es número': http(`PUT ${maps}/uno`, { body: configMap('uno', {}, { resourceVersion: 'x' }) }),
      'con otro nombre': http(`PUT ${maps}/uno`, { body: configMap('dos') }),
      'sin nombre': http(`PUT ${maps}/uno`, { body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} } }),
      'uno que no hay': http(`PUT ${maps}/nada`, { body: configMap('nada') }),
      'con otro uid': http(`PUT ${maps}/uno`, { body: configMap('uno', {}, { uid: 'otro' }) }),
      'la colección': http(`PUT ${maps}`, { body: configMap('uno') }),
      'de prueba': [
        http(`PUT ${maps}/uno?dryRun=All`, { body: configMap('uno', { a: 'prueba' }) }),
        http(`GET ${maps}/uno`, { only: ['data'] }),
      ],
      'lo que pone el servidor no se cambia': http(`PUT ${maps}/uno`, {
        body: configMap(
          'uno',
          { a: '4' },
          { creationTimestamp: '2001-01-01T00:00:00Z', generation: 9, selfLink: '/x' },
        ),
        only: ['metadata', 'data'],
      }),
      'replace de kubectl': kubectl('replace -n {ns} -f -', { input: JSON.stringify(configMap('uno', { a: '5' })) }),
      'replace de uno que no hay': kubectl('replace -n {ns} -f -', { input: JSON.stringify(configMap('nada')) }),
      'un ConfigMap inmutable': [
        http(`PUT ${maps}/uno`, { body: { ...configMap('uno', { a: '6' }), immutable: true }, quiet: true }),
        http(`PUT ${maps}/uno`, { body: { ...configMap('uno', { a: '7' }), immutable: true } }),
        http(`PUT ${maps}/uno`, { body: configMap('uno', { a: '6' }) }),
      ],
    },
    { setup: [apply(configMap('uno'))] },
  ),
  situation(
    'parches',
    'escrituras',
    {
      'merge: cambia, añade y quita': http(`PATCH ${maps}/uno`, {
        body: { data: { a: null, b: '2' }, metadata: { labels: { l: 'x' } } },
        headers: merge,
      }),
      'merge: sobre un objeto que no hay': http(`PATCH ${maps}/nada`, { body: {}, headers: merge }),
      'merge: una lista': http(`PATCH ${maps}/uno`, { body: [1], headers: merge }),
      'merge: un número donde va un texto': http(`PATCH ${maps}/uno`, { body: { data: { a: 1 } }, headers: merge }),
      'merge: con resourceVersion vieja': http(`PATCH ${maps}/uno`, {
        body: { metadata: { resourceVersion: '1' }, data: { z: '1' } },
        headers: merge,
      }),
      'merge: con otro nombre': http(`PATCH ${maps}/uno`, { body: { metadata: { name: 'dos' } }, headers: merge }),
      'merge: con otro uid': http(`PATCH ${maps}/uno`, { body: { metadata: { uid: 'x' } }, headers: merge }),
      'merge: JSON roto': http(`PATCH ${maps}/uno`, { body: '{', headers: merge }),
      'json: las seis operaciones': http(`PATCH ${maps}/uno`, {
        body: [
          { op: 'test', path: '/data/b', value: '2' },
          { op: 'add', path: '/data/c', value: '3' },
          { op: 'copy', from: '/data/c', path: '/data/d' },
          { op: 'move', from: '/data/b', path: '/data/e' },
          { op: 'replace', path: '/data/d', value: '4' },
          { op: 'remove', path: '/data/c' },
        ],
        headers: json,
        only: ['data'],
      }),
      'json: test que falla': http(`PATCH ${maps}/uno`, {
        body: [{ op: 'test', path: '/data/d', value: 'no' }],
        headers: json,
      }),
      'json: quitar lo que no hay': http(`PATCH ${maps}/uno`, {
        body: [{ op: 'remove', path: '/data/zz' }],
        headers: json,
      }),
      'json: cambiar lo que no hay': http(`PATCH ${maps}/uno`, {
        body: [{ op: 'replace', path: '/data/zz', value: 'x' }],
        headers: json,
      }),
      'json: añadir bajo lo que no hay': http(`PATCH ${maps}/uno`, {
        body: [{ op: 'add', path: '/nada/zz', value: 'x' }],
        headers: json,
      }),
      'json: operación inventada': http(`PATCH ${maps}/uno`, { body: [{ op: 'nada', path: '/data' }], headers: json }),
      'json: no es una lista': http(`PATCH ${maps}/uno`, { body: { op: 'add' }, headers: json }),
      'json: ~1 y ~0 en la ruta': http(`PATCH ${maps}/uno`, {
        body: [
          { op: 'add', path: '/metadata/annotations', value: {} },
          { op: 'add', path: '/metadata/annotations/a~1b', value: 'x~y' },
        ],
        headers: json,
        only: ['metadata.annotations'],
      }),
      'strategic: contenedores por su nombre': http('PATCH /apis/apps/v1/namespaces/{ns}/deployments/web', {
        body: {
          spec: {
            template: {
              spec: {
                containers: [
                  { name: 'otro', image: 'busybox:1.35' },
                  { name: 'c', env: [{ name: 'A', value: '1' }] },
                ],
              },
            },
          },
        },
        headers: strategic,
        only: ['spec.template.spec.containers'],
      }),
      'strategic: $patch delete': http('PATCH /apis/apps/v1/namespaces/{ns}/deployments/web', {
        body: { spec: { template: { spec: { containers: [{ name: 'otro', $patch: 'delete' }] } } } },
        headers: strategic,
        only: ['spec.template.spec.containers'],
      }),
      'strategic: $patch replace': http('PATCH /apis/apps/v1/namespaces/{ns}/deployments/web', {
        body: { metadata: { labels: { $patch: 'replace', solo: 'este' } } },
        headers: strategic,
        only: ['metadata.labels'],
      }),
      'strategic: $retainKeys': http('PATCH /apis/apps/v1/namespaces/{ns}/deployments/web', {
        body: { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
        headers: strategic,
        only: ['spec.strategy'],
      }),
      'strategic: $patch inventado': http('PATCH /apis/apps/v1/namespaces/{ns}/deployments/web', {
        body: { metadata: { labels: { $patch: 'nada' } } },
        headers: strategic,
      }),
      'strategic: puertos de un Service por su número': http('PATCH /api/v1/namespaces/{ns}/services/web', {
        body: {
          spec: {
            ports: [
              { port: 81, name: 'b' },
              { port: 80, name: 'a' },
            ],
          },
        },
        headers: strategic,
        only: ['spec.ports'],
      }),
      'tipo de parche inventado': http(`PATCH ${maps}/uno`, {
        body: {},
        headers: { 'content-type': 'application/json' },
      }),
      'patch de kubectl': kubectl(`patch cm uno -n {ns} -p '{"data":{"k":"1"}}'`),
      'patch de kubectl que no cambia nada': kubectl(`patch cm uno -n {ns} -p '{"data":{"k":"1"}}'`),
      'patch de kubectl por json': kubectl(`patch cm uno -n {ns} --type=json -p '[{"op":"remove","path":"/data/k"}]'`),
      'patch de kubectl con JSON roto': kubectl(`patch cm uno -n {ns} --type=merge -p '{"data":'`),
      'patch de kubectl sobre lo que no hay': kubectl(`patch cm nada -n {ns} -p '{}'`),
      'con la biblioteca, json': client(({ core }, ns) =>
        core.patchNamespacedConfigMap({
          name: 'uno',
          namespace: ns,
          body: [{ op: 'add', path: '/data/bib', value: '1' }],
        }),
      ),
    },
    {
      setup: [
        apply(
          configMap('uno'),
          deployment('web', { replicas: 0 }),
          service('web', { ports: [{ port: 80, name: 'a' }] }),
        ),
      ],
    },
  ),
  situation(
    'campos',
    'escrituras',
    {
      'strict: un campo inventado': http(`POST ${maps}?fieldValidation=Strict`, {
        body: { ...configMap('a'), nada: 1 },
      }),
      'strict: dos, y uno anidado': http('POST /api/v1/namespaces/{ns}/pods?fieldValidation=Strict', {
        body: { ...pod('a', { nada: 1 }), otro: 2 },
      }),
      'strict: un campo repetido': http(`POST ${maps}?fieldValidation=Strict`, {
        body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"1"},"data":{"a":"2"}}',
      }),
      'warn: un campo inventado': http(`POST ${maps}?fieldValidation=Warn`, { body: { ...configMap('b'), nada: 1 } }),
      'warn: un campo repetido': http(`POST ${maps}?fieldValidation=Warn`, {
        body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"bb"},"data":{"a":"1","a":"2"}}',
      }),
      'ignore: se calla y lo tira': http(`POST ${maps}?fieldValidation=Ignore`, {
        body: { ...configMap('c'), nada: 1 },
      }),
      'sin decir nada, se avisa': http(`POST ${maps}`, { body: { ...configMap('d'), nada: 1 } }),
      'fieldValidation inventado': http(`POST ${maps}?fieldValidation=Nada`, { body: configMap('e') }),
      'mayúsculas distintas': http(`POST ${maps}?fieldValidation=Strict`, { body: { ...configMap('f'), Data: {} } }),
      'strict en un parche': http('PATCH /apis/apps/v1/namespaces/{ns}/deployments/web?fieldValidation=Strict', {
        body: { spec: { replcas: 3 } },
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
      }),
      'strict en un merge': http('PATCH /apis/apps/v1/namespaces/{ns}/deployments/web?fieldValidation=Strict', {
        body: { spec: { replcas: 3 } },
        headers: merge,
        only: ['code', 'reason', 'status'],
      }),
      'kubectl create lo rechaza': kubectl('create -n {ns} -f -', {
        input: JSON.stringify({ ...configMap('g'), nada: 1 }),
      }),
      'kubectl create --validate=warn lo avisa': kubectl('create -n {ns} -f - --validate=warn', {
        input: JSON.stringify({ ...configMap('g'), nada: 1 }),
      }),
      'kubectl apply de un Deployment con una errata': kubectl('apply -n {ns} -f -', {
        input: JSON.stringify(deployment('web', { replcas: 2 })),
      }),
      'un tipo que no es': http('POST /apis/apps/v1/namespaces/{ns}/deployments', {
        body: deployment('x', { replicas: 'tres' }),
      }),
      'un texto donde va un número': http('POST /api/v1/namespaces/{ns}/services', {
        body: service('x', { ports: [{ port: 'http' }] }),
      }),
      'una lista donde va un objeto': http('POST /api/v1/namespaces/{ns}/pods', { body: { ...pod('x'), spec: [] } }),
      'un número donde va un texto': http(`POST ${maps}`, { body: { ...configMap('x'), data: { a: 1 } } }),
      'un booleano donde va un texto en YAML': kubectl('apply -n {ns} -f -', {
        input: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bool\ndata:\n  a: true\n',
      }),
      'una cantidad que no lo es': http('POST /api/v1/namespaces/{ns}/pods', {
        body: pod('x', { containers: [{ name: 'c', image: 'busybox:1.35', resources: { limits: { cpu: 'mucho' } } }] }),
      }),
      'una fecha que no lo es': http(`POST ${maps}`, { body: configMap('x', {}, { creationTimestamp: 'ayer' }) }),
      'null vale como si no estuviera': http(`POST ${maps}`, { body: { ...configMap('nulo'), data: null } }),
    },
    { setup: [apply(deployment('web', { replicas: 0 }))] },
  ),
];
