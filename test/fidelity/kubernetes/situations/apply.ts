// Server-side apply and kubectl apply.
import { apply as applied, http, kubectl, type Situation, situation } from '../behaviour.ts';
import { configMap, deployment, service } from '../objects.ts';

const maps = '/api/v1/namespaces/{ns}/configmaps';
const type = { 'content-type': 'application/apply-patch+yaml' };
const put = (name: string, manager: string, data: Record<string, string>, query = '') =>
  http(`PATCH ${maps}/${name}?fieldManager=${manager}${query}`, {
    body: configMap(name, data),
    headers: type,
    fields: true,
  });
const fieldsOf = (path: string) => http(`GET ${path}`, { fields: true, only: ['metadata.managedFields'] });

/** Without data: a map that is applied empty is a field of its own. */
function bare(name: string, finalizer: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, finalizers: [finalizer] } };
}

export const serverSideApply: Situation[] = [
  situation('ssa', 'apply', {
    'crea con 201': put('uno', 'ana', { a: '1', b: '2' }),
    'lo mismo otra vez da 200': put('uno', 'ana', { a: '1', b: '2' }),
    'otro añade lo suyo': put('uno', 'luis', { c: '3' }),
    'un conflicto': put('uno', 'luis', { a: '9', c: '3' }),
    'dos conflictos': put('uno', 'luis', { a: '9', b: '9', c: '3' }),
    'el mismo valor se comparte': put('uno', 'luis', { a: '1', c: '3' }),
    'cambiar lo compartido es un conflicto': put('uno', 'luis', { a: '2', c: '3' }),
    'a la fuerza': put('uno', 'luis', { a: '9', c: '3' }, '&force=true'),
    'dejar de ponerlo lo quita': put('uno', 'luis', { a: '9' }),
    'lo que otro tiene se queda': put('uno', 'ana', { b: '2' }),
    'sin fieldManager': http(`PATCH ${maps}/uno`, { body: configMap('uno'), headers: type }),
    'force en otro parche': http(`PATCH ${maps}/uno?force=true`, {
      body: {},
      headers: { 'content-type': 'application/merge-patch+json' },
    }),
    'con managedFields': http(`PATCH ${maps}/uno?fieldManager=x`, {
      body: configMap('uno', {}, { managedFields: [{ manager: 'x' }] }),
      headers: type,
    }),
    'sin apiVersion': http(`PATCH ${maps}/uno?fieldManager=x`, { body: { metadata: { name: 'uno' } }, headers: type }),
    'con otro nombre': http(`PATCH ${maps}/uno?fieldManager=x`, { body: configMap('dos'), headers: type }),
    'sin nombre': http(`PATCH ${maps}/uno?fieldManager=x`, {
      body: { apiVersion: 'v1', kind: 'ConfigMap', data: { z: '1' } },
      headers: type,
      only: ['metadata.name', 'data', 'message'],
    }),
    'YAML roto': http(`PATCH ${maps}/uno?fieldManager=x`, { body: 'a: [', headers: type }),
    'de prueba': http(`PATCH ${maps}/sombra?fieldManager=x&dryRun=All`, {
      body: configMap('sombra'),
      headers: type,
      only: ['kind', 'data'],
    }),
    'un campo inventado': http(`PATCH ${maps}/uno?fieldManager=x`, {
      body: { ...configMap('uno'), nada: 1 },
      headers: type,
    }),
    'un merge se lleva el campo': [
      http(`PATCH ${maps}/uno?fieldManager=eva`, {
        body: { data: { b: '7' } },
        headers: { 'content-type': 'application/merge-patch+json' },
        quiet: true,
      }),
      fieldsOf(`${maps}/uno`),
    ],
    'y aplicarlo es un conflicto con él': put('uno', 'ana', { b: '2' }),
    'managedFields vacío los borra': http(`PATCH ${maps}/uno`, {
      body: { metadata: { managedFields: [{}] } },
      headers: { 'content-type': 'application/merge-patch+json' },
      fields: true,
      only: ['metadata.managedFields'],
    }),
  }),
  situation(
    'ssa-listas',
    'apply',
    {
      'un Deployment: de quién es cada campo': fieldsOf('/apis/apps/v1/namespaces/{ns}/deployments/web'),
      'añadir un contenedor con otro nombre': http(
        'PATCH /apis/apps/v1/namespaces/{ns}/deployments/web?fieldManager=luis',
        {
          body: {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: 'web' },
            spec: { template: { spec: { containers: [{ name: 'extra', image: 'busybox:1.35' }] } } },
          },
          headers: type,
          only: ['spec.template.spec.containers.name', 'message'],
        },
      ),
      'conflicto en la imagen': http('PATCH /apis/apps/v1/namespaces/{ns}/deployments/web?fieldManager=luis', {
        body: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'web' },
          spec: { replicas: 4, template: { spec: { containers: [{ name: 'c', image: 'otra:1' }] } } },
        },
        headers: type,
      }),
      'scale se lleva las réplicas': [
        kubectl('scale deployment/web -n {ns} --replicas=0', { quiet: true }),
        kubectl('apply -n {ns} --server-side -f -', { input: JSON.stringify(deployment('web', { replicas: 2 })) }),
      ],
      'con --force-conflicts': kubectl('apply -n {ns} --server-side --force-conflicts -f -', {
        input: JSON.stringify(deployment('web', { replicas: 0 })),
      }),
      'puertos de un Service por puerto y protocolo': [
        http('PATCH /api/v1/namespaces/{ns}/services/web?fieldManager=luis', {
          body: {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'web' },
            spec: { ports: [{ port: 81, protocol: 'TCP', name: 'b' }] },
          },
          headers: type,
          only: ['spec.ports'],
        }),
        fieldsOf('/api/v1/namespaces/{ns}/services/web'),
      ],
      'una lista con la misma clave dos veces': http('PATCH /api/v1/namespaces/{ns}/services/web?fieldManager=luis', {
        body: {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web' },
          spec: {
            ports: [
              { port: 81, name: 'x' },
              { port: 81, name: 'y' },
            ],
          },
        },
        headers: type,
      }),
      'finalizers son un conjunto': http(`PATCH ${maps}/conjunto?fieldManager=ana`, {
        body: bare('conjunto', 'kf.malla.dev/a'),
        headers: type,
        fields: true,
        only: ['metadata.finalizers', 'metadata.managedFields'],
      }),
      'y otro añade el suyo': http(`PATCH ${maps}/conjunto?fieldManager=luis`, {
        body: bare('conjunto', 'kf.malla.dev/b'),
        headers: type,
        only: ['metadata.finalizers'],
      }),
      'se quitan para poder irse': http(`PATCH ${maps}/conjunto`, {
        body: { metadata: { finalizers: null } },
        headers: { 'content-type': 'application/merge-patch+json' },
        only: ['metadata.finalizers'],
      }),
    },
    {
      setup: [
        http('PATCH /apis/apps/v1/namespaces/{ns}/deployments/web?fieldManager=ana', {
          body: deployment('web', { replicas: 0 }),
          headers: type,
        }),
        http('PATCH /api/v1/namespaces/{ns}/services/web?fieldManager=ana', {
          body: service('web', { ports: [{ port: 80, name: 'a' }] }),
          headers: type,
        }),
      ],
    },
  ),
  situation(
    'kubectl-apply',
    'apply',
    {
      'lo que ya estaba igual': kubectl('apply -n {ns} -f -', { input: JSON.stringify(configMap('uno')) }),
      'lo que cambia': kubectl('apply -n {ns} -f -', { input: JSON.stringify(configMap('uno', { a: '2', z: '1' })) }),
      'quitar una clave la borra': [
        kubectl('apply -n {ns} -f -', { input: JSON.stringify(configMap('uno', { a: '2' })), quiet: true }),
        kubectl('get cm uno -n {ns} -o yaml'),
      ],
      'sobre lo que se hizo con create': kubectl('apply -n {ns} -f -', {
        input: JSON.stringify(configMap('creado', { a: '2' })),
      }),
      'de prueba en el servidor': kubectl('apply -n {ns} --dry-run=server -f -', {
        input: JSON.stringify(configMap('uno', { a: '3' })),
      }),
      'de prueba aquí': kubectl('apply -n {ns} --dry-run=client -f -', {
        input: JSON.stringify(configMap('uno', { a: '3' })),
      }),
      'a un espacio de nombres que no hay': kubectl('apply -n kf-nada -f -', {
        input: JSON.stringify(configMap('uno')),
      }),
      'de una clase que no hay': kubectl('apply -n {ns} -f -', {
        input: 'apiVersion: nada.example.com/v1\nkind: Nada\nmetadata:\n  name: x\n',
      }),
      'sin nombre': kubectl('apply -n {ns} -f -', { input: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n' }),
      'YAML roto': kubectl('apply -n {ns} -f -', { input: 'a: [' }),
      'sin clase': kubectl('apply -n {ns} -f -', { input: 'apiVersion: v1\nmetadata:\n  name: x\n' }),
      diff: kubectl('diff -n {ns} -f -', { input: JSON.stringify(configMap('uno', { a: '9' })), lines: /^[-+] / }),
      'diff sin diferencias': kubectl('diff -n {ns} -f -', { input: JSON.stringify(configMap('uno', { a: '2' })) }),
      'view-last-applied': kubectl('apply view-last-applied cm/uno -n {ns}'),
      'en el servidor, después de apply': kubectl('apply -n {ns} --server-side -f -', {
        input: JSON.stringify(configMap('uno', { a: '2' })),
      }),
      'en el servidor, con otro nombre y conflicto': kubectl('apply -n {ns} --server-side --field-manager=luis -f -', {
        input: JSON.stringify(configMap('uno', { a: '7' })),
      }),
      'una lista entera': kubectl('apply -n {ns} -f -', {
        input: JSON.stringify({
          apiVersion: 'v1',
          kind: 'List',
          items: [configMap('l1'), configMap('l2'), service('l3')],
        }),
      }),
      'borrar lo que sobra con --prune': kubectl(
        'apply -n {ns} --prune -l kf=si --prune-allowlist=core/v1/ConfigMap -f -',
        {
          input: JSON.stringify(configMap('p1', {}, { labels: { kf: 'si' } })),
        },
      ),
    },
    {
      setup: [
        applied(configMap('uno'), configMap('p2', {}, { labels: { kf: 'si' } })),
        kubectl('create -n {ns} -f -', { input: JSON.stringify(configMap('creado')) }),
      ],
    },
  ),
];
