// Deletion: preconditions, propagation, finalizers, collections, namespaces.
import { apply, client, http, kubectl, type Situation, situation } from '../behaviour.ts';
import { configMap, deployment, pod, service } from '../objects.ts';

const maps = '/api/v1/namespaces/{ns}/configmaps';
const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((n) =>
  configMap(n, {}, { labels: { grupo: n < 'd' ? 'uno' : 'dos' } }),
);

export const deletes: Situation[] = [
  situation(
    'borrar',
    'borrados',
    {
      'un objeto': http(`DELETE ${maps}/a`),
      'otra vez': http(`DELETE ${maps}/a`),
      'un Service devuelve el objeto': http('DELETE /api/v1/namespaces/{ns}/services/web', {
        only: ['kind', 'metadata.name', 'spec.type'],
      }),
      'un Deployment devuelve un Status': http('DELETE /apis/apps/v1/namespaces/{ns}/deployments/web'),
      'de prueba': [http(`DELETE ${maps}/b?dryRun=All`), http(`GET ${maps}/b`, { only: ['metadata.name'] })],
      'con otro uid': http(`DELETE ${maps}/b`, {
        body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'otro' } },
      }),
      'con otra resourceVersion': http(`DELETE ${maps}/b`, {
        body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { resourceVersion: '1' } },
        only: ['reason', 'code', 'status', 'details'],
      }),
      'propagación inventada': http(`DELETE ${maps}/b?propagationPolicy=Nada`),
      'propagación y orphanDependents': http(`DELETE ${maps}/b`, {
        body: { kind: 'DeleteOptions', apiVersion: 'v1', orphanDependents: true, propagationPolicy: 'Orphan' },
      }),
      'gracePeriodSeconds que no es número': http(`DELETE ${maps}/b?gracePeriodSeconds=x`),
      'un cuerpo que no son opciones': http(`DELETE ${maps}/b`, { body: { kind: 'Nada', apiVersion: 'v1' } }),
      'un cuerpo roto': http(`DELETE ${maps}/b`, { body: '{' }),
      'con un finalizer, espera': [
        http(`PATCH ${maps}/b`, {
          body: { metadata: { finalizers: ['kf.malla.dev/espera'] } },
          headers: { 'content-type': 'application/merge-patch+json' },
          quiet: true,
        }),
        http(`DELETE ${maps}/b`),
        http(`GET ${maps}/b`, { only: ['metadata'] }),
      ],
      'no se añaden finalizers a lo que se va': http(`PATCH ${maps}/b`, {
        body: { metadata: { finalizers: ['kf.malla.dev/espera', 'kf.malla.dev/otro'] } },
        headers: { 'content-type': 'application/merge-patch+json' },
      }),
      'al quitarlo se va': [
        http(`PATCH ${maps}/b`, {
          body: { metadata: { finalizers: null } },
          headers: { 'content-type': 'application/merge-patch+json' },
          only: ['kind', 'metadata.name', 'metadata.finalizers'],
        }),
        http(`GET ${maps}/b`),
      ],
      'un finalizer sin dominio': http(`POST ${maps}`, { body: configMap('malo', {}, { finalizers: ['espera'] }) }),
      'Foreground pone su finalizer': [
        http(`DELETE ${maps}/c?propagationPolicy=Foreground`, {
          only: ['kind', 'metadata.finalizers', 'metadata.deletionGracePeriodSeconds'],
        }),
      ],
      'una colección por etiqueta': [
        http(`DELETE ${maps}?labelSelector=grupo%3Ddos`, { only: ['kind', 'items.metadata.name', 'status'] }),
        http(`GET ${maps}?labelSelector=grupo`, { only: ['items.metadata.name'] }),
      ],
      'una colección de prueba': http(`DELETE ${maps}?dryRun=All&labelSelector=nada`, {
        only: ['kind', 'items', 'status'],
      }),
      'services no tienen deletecollection': http('DELETE /api/v1/namespaces/{ns}/services?labelSelector=nada', {
        only: ['kind', 'code', 'status', 'items'],
      }),
      'la colección de espacios de nombres': http('DELETE /api/v1/namespaces?labelSelector=nada%3Dhay'),
      'con la biblioteca': client(({ core }, ns) => core.deleteNamespacedConfigMap({ name: 'nada', namespace: ns })),
      'delete de kubectl': kubectl('delete cm kube-root-ca.crt -n {ns}'),
      'delete de lo que no hay': kubectl('delete cm nada -n {ns}'),
      'delete --ignore-not-found': kubectl('delete cm nada -n {ns} --ignore-not-found'),
      'delete de una etiqueta que nadie tiene': kubectl('delete cm -n {ns} -l nada=hay'),
      'delete --dry-run=server': kubectl('delete sa default -n {ns} --dry-run=server'),
      'delete de nada': kubectl('delete cm -n {ns}'),
      'delete de una clase que no hay': kubectl('delete nadas x -n {ns}'),
      'default no se puede borrar': http('DELETE /api/v1/namespaces/default'),
      'kube-system no se puede borrar': kubectl('delete ns kube-system'),
    },
    { setup: [apply(...many, service('web'), deployment('web', { replicas: 0 }))] },
  ),
  situation(
    'borrar-espacio',
    'borrados',
    {
      'queda Terminating': http('DELETE /api/v1/namespaces/kf-otro', {
        only: ['kind', 'status.phase', 'spec', 'metadata.name'],
      }),
      'no se crea en él': http('POST /api/v1/namespaces/kf-otro/configmaps', { body: configMap('x') }),
      'kubectl lo dice': kubectl('create cm x -n kf-otro'),
      'y otra vez da conflicto': http('DELETE /api/v1/namespaces/kf-otro', {
        only: ['kind', 'status.phase', 'reason', 'code', 'message'],
      }),
      'su tabla': kubectl('get ns kf-otro'),
      'se va cuando nadie lo sujeta': [
        http('PATCH /api/v1/namespaces/kf-otro/configmaps/sujeto', {
          body: { metadata: { finalizers: null } },
          headers: { 'content-type': 'application/merge-patch+json' },
          quiet: true,
        }),
        kubectl('wait --for=delete ns/kf-otro --timeout=60s'),
      ],
      'sin nombre no se crea': http('POST /api/v1/namespaces', {
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'KF_malo' } },
      }),
      'create ns': kubectl('create ns kf-otro-mas'),
      'create ns otra vez': kubectl('create ns kf-otro-mas'),
      'su etiqueta de nombre': kubectl('get ns kf-otro-mas -o jsonpath={.metadata.labels}'),
      'la etiqueta no se puede cambiar': kubectl('label ns kf-otro-mas kubernetes.io/metadata.name=otro --overwrite'),
    },
    {
      setup: [
        kubectl('create ns kf-otro'),
        http('POST /api/v1/namespaces/kf-otro/configmaps', {
          body: configMap('sujeto', {}, { finalizers: ['kf.malla.dev/x'] }),
        }),
      ],
      cleanup: ['ns kf-otro kf-otro-mas'],
    },
  ),
  situation(
    'borrar-pods',
    'borrados',
    {
      'sin nodo se va al momento': [
        http('DELETE /api/v1/namespaces/{ns}/pods/sin-nodo', { only: ['kind', 'metadata.deletionGracePeriodSeconds'] }),
        http('GET /api/v1/namespaces/{ns}/pods/sin-nodo'),
      ],
      'con gracia queda Terminating': [
        http('DELETE /api/v1/namespaces/{ns}/pods/lento', {
          only: ['kind', 'metadata.deletionGracePeriodSeconds', 'metadata.name'],
        }),
        kubectl('get pod lento -n {ns}'),
      ],
      'y a la fuerza se va': [
        kubectl('delete pod lento -n {ns} --force --grace-period=0'),
        http('GET /api/v1/namespaces/{ns}/pods/lento'),
      ],
      'borrar un Deployment huérfano deja su ReplicaSet': [
        kubectl('delete deployment web -n {ns} --cascade=orphan'),
        kubectl('get rs -n {ns} -o jsonpath={.items[*].metadata.labels.app}'),
      ],
      'delete --all': kubectl('delete rs --all -n {ns}'),
    },
    {
      setup: [
        apply(
          pod('sin-nodo', { nodeSelector: { nada: 'hay' } }),
          pod('lento', { terminationGracePeriodSeconds: 60 }),
          deployment('web'),
        ),
        kubectl('wait -n {ns} --for=condition=Ready pod/lento --timeout=60s'),
        kubectl('rollout status -n {ns} deployment/web --timeout=60s'),
      ],
    },
  ),
];
