// Lists, selectors, chunks, watches.
import { apply, client, http, kubectl, type Situation, situation } from '../behaviour.ts';
import { pod } from '../objects.ts';

const maps = '/apis/coordination.k8s.io/v1/namespaces/{ns}/leases';
const labelled = (selector: string) =>
  http(`GET ${maps}?labelSelector=${encodeURIComponent(selector)}`, {
    only: ['items.metadata.name', 'message', 'kind', 'reason', 'code'],
  });
const fielded = (selector: string, path = maps) =>
  http(`GET ${path}?fieldSelector=${encodeURIComponent(selector)}`, {
    only: ['items.metadata.name', 'message', 'kind', 'reason', 'code'],
  });

/** Leases, because nobody else makes them in a namespace: a mesh puts ConfigMaps in each. */
const five = ['a', 'b', 'c', 'd', 'e'].map((name, i) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: {
    name,
    labels: { letra: name, tipo: i < 2 ? 'uno' : 'dos', ...(i === 4 ? { extra: '' } : {}), num: String(i * 10) },
  },
  spec: { holderIdentity: String(i) },
}));

export const lists: Situation[] = [
  situation(
    'selectores',
    'listas',
    {
      igual: labelled('tipo=uno'),
      'igual con dos signos': labelled('tipo==uno'),
      distinto: labelled('tipo!=uno,letra'),
      in: labelled('letra in (a,c)'),
      notin: labelled('letra notin (a,c),letra'),
      existe: labelled('extra'),
      'no existe': labelled('!extra,letra'),
      mayor: labelled('num>20'),
      menor: labelled('num<20'),
      'vacío vale todo': labelled(''),
      'valor vacío': labelled('extra='),
      'sin paréntesis': labelled('letra in a'),
      'sin cerrar': labelled('letra in (a'),
      'dos iguales seguidos': labelled('a=b=c'),
      'clave con espacios': labelled('una clave=b'),
      'valor con barra': labelled('a=b/c'),
      'coma al final': labelled('a=b,'),
      'operador que no hay': labelled('a ~ b'),
      'clave demasiado larga': labelled(`${'x'.repeat(64)}=a`),
      'mayor que algo que no es número': labelled('num>muchos'),
      'por nombre': fielded('metadata.name=a'),
      'por nombre distinto': fielded('metadata.name!=a'),
      'por un campo que no se puede': fielded('spec.nada=1'),
      'por un campo que no se puede, de pods': fielded('spec.nada=1', '/api/v1/namespaces/{ns}/pods'),
      'por fase de los pods': fielded('status.phase=Running', '/api/v1/namespaces/{ns}/pods'),
      'sin operador': fielded('metadata.name'),
      'por un campo, de un Deployment': fielded('spec.replicas=1', '/apis/apps/v1/namespaces/{ns}/deployments'),
      'kubectl -l': kubectl('get lease -n {ns} -l tipo=uno'),
      'kubectl -l que nadie tiene': kubectl('get lease -n {ns} -l tipo=nada'),
      'kubectl -l roto': kubectl(`get lease -n {ns} -l 'letra in a'`),
      'kubectl --field-selector': kubectl('get lease -n {ns} --field-selector=metadata.name=b'),
      'kubectl --field-selector que no se puede': kubectl('get lease -n {ns} --field-selector=spec.nada=1'),
      'kubectl -L': kubectl('get lease -n {ns} -l letra -L tipo,extra'),
      'kubectl --show-labels': kubectl('get lease -n {ns} -l letra --show-labels'),
    },
    { setup: [apply(...five)] },
  ),
  situation(
    'listas',
    'listas',
    {
      'dos y el resto': http(`GET ${maps}?limit=2`, { only: ['items.metadata.name', 'metadata', 'kind'] }),
      'el resto, con la biblioteca': client(async ({ coordination }, ns) => {
        const names: string[][] = [];
        let token: string | undefined;
        do {
          const page = await coordination.listNamespacedLease({
            namespace: ns,
            limit: 2,
            ...(token ? { _continue: token } : {}),
          });
          names.push(page.items.map((item) => item.metadata?.name ?? ''));
          names.push([String(page.metadata?.remainingItemCount ?? 'fin')]);
          token = page.metadata?._continue || undefined;
        } while (token);
        return names;
      }),
      'limit que no es número': http(`GET ${maps}?limit=dos`),
      'limit negativo': http(`GET ${maps}?limit=-1`, { only: ['items.metadata.name', 'message'] }),
      'continue inventado': http(`GET ${maps}?limit=1&continue=nada`),
      'continue que es base64 y nada más': http(`GET ${maps}?limit=1&continue=bmFkYQ`),
      'continue con resourceVersion': http(`GET ${maps}?limit=1&continue=nada&resourceVersion=5`),
      'con selector no se cuenta el resto': http(`GET ${maps}?limit=2&labelSelector=letra`, { only: ['metadata'] }),
      'resourceVersion=0': http(`GET ${maps}?resourceVersion=0`, { only: ['items.metadata.name'] }),
      'resourceVersion que no es número': http(`GET ${maps}?resourceVersion=x`),
      'resourceVersion del futuro': http(`GET ${maps}?resourceVersion=99999999999`, {
        only: ['reason', 'code', 'details'],
      }),
      'Exact con una muy vieja': http(`GET ${maps}?resourceVersion=1&resourceVersionMatch=Exact`),
      'resourceVersionMatch sin resourceVersion': http(`GET ${maps}?resourceVersionMatch=Exact`),
      'resourceVersionMatch inventado': http(`GET ${maps}?resourceVersion=1&resourceVersionMatch=Nada`),
      'Exact con cero': http(`GET ${maps}?resourceVersion=0&resourceVersionMatch=Exact`),
      'de todos los espacios de nombres': http(
        'GET /apis/coordination.k8s.io/v1/leases?fieldSelector=metadata.namespace%3D{ns}',
        {
          only: ['items.metadata.name', 'items.metadata.namespace'],
        },
      ),
      'los de la lista no dicen su clase': http(`GET ${maps}?limit=1`, { only: ['kind', 'apiVersion', 'items.kind'] }),
      'de un espacio de nombres que no hay': http('GET /apis/coordination.k8s.io/v1/namespaces/kf-nada/leases', {
        only: ['kind', 'items'],
      }),
      'una clase que no hay': http('GET /api/v1/namespaces/{ns}/nadas'),
      'un objeto que no hay': http(`GET ${maps}/nada`),
      'un objeto de un grupo que no hay': http('GET /apis/apps/v1/namespaces/{ns}/deployments/nada'),
      'una clase sin espacio de nombres dentro de uno': http('GET /api/v1/namespaces/{ns}/nodes'),
      'un objeto sin su espacio de nombres': http('GET /apis/coordination.k8s.io/v1/leases/a'),
      'get con -o name': kubectl('get lease -n {ns} -l letra -o name'),
      'get con jsonpath': kubectl(`get lease -n {ns} -l letra -o jsonpath={.items[*].spec.holderIdentity}`),
      'get con custom-columns': kubectl(
        'get lease -n {ns} -l letra -o custom-columns=N:.metadata.name,V:.spec.holderIdentity',
      ),
      'get --sort-by': kubectl('get lease -n {ns} -l letra --sort-by=.spec.holderIdentity'),
      'get --no-headers': kubectl('get lease -n {ns} -l letra --no-headers'),
      'get de dos clases': kubectl('get lease,sa -n {ns}'),
      'get de un nombre y otro que no hay': kubectl('get lease -n {ns} a nada'),
      'get de una clase que no hay': kubectl('get nadas -n {ns}'),
      'get de nada': kubectl('get pods -n {ns}'),
      'get --ignore-not-found': kubectl('get lease nada -n {ns} --ignore-not-found'),
      'get --chunk-size': kubectl('get lease -n {ns} --chunk-size=1'),
      'get de un espacio de nombres que no hay': kubectl('get pods -n kf-nada'),
      'get -o yaml': kubectl('get lease a -n {ns} -o yaml'),
      'get -o json': kubectl('get lease a -n {ns} -o json'),
    },
    { setup: [apply(...five)] },
  ),
  situation(
    'vigilancias',
    'listas',
    {
      'lo que hay, y se acaba': http(`GET ${maps}?watch=true&timeoutSeconds=1&labelSelector=letra`, {
        only: ['type', 'kind', 'metadata.name', 'spec'],
      }),
      'con marcas y sucesos iniciales': http(
        `GET ${maps}?watch=true&timeoutSeconds=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&labelSelector=letra`,
        { only: ['type', 'kind', 'apiVersion', 'metadata.name', 'metadata.annotations', 'metadata.creationTimestamp'] },
      ),
      'sucesos iniciales sin resourceVersionMatch': http(
        `GET ${maps}?watch=true&timeoutSeconds=1&sendInitialEvents=true`,
      ),
      'sucesos iniciales en una lista': http(`GET ${maps}?sendInitialEvents=true`),
      'resourceVersionMatch sin sucesos iniciales': http(
        `GET ${maps}?watch=true&timeoutSeconds=1&resourceVersion=0&resourceVersionMatch=NotOlderThan`,
      ),
      'desde una versión muy vieja': http(`GET ${maps}?watch=true&timeoutSeconds=1&resourceVersion=1`, {
        only: ['type', 'code', 'reason', 'kind', 'status', 'message'],
      }),
      'desde una versión que no es número': http(`GET ${maps}?watch=true&timeoutSeconds=1&resourceVersion=x`),
      'selector roto': http(`GET ${maps}?watch=true&timeoutSeconds=1&labelSelector=a+in+b`),
      'timeoutSeconds que no es número': http(`GET ${maps}?watch=true&timeoutSeconds=x`),
      'un solo objeto': http(`GET ${maps}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Da`, {
        only: ['type', 'metadata.name'],
      }),
      'por la dirección vieja': http(
        'GET /apis/coordination.k8s.io/v1/watch/namespaces/{ns}/leases?timeoutSeconds=1&labelSelector=letra',
        {
          only: ['type', 'metadata.name'],
        },
      ),
      'como tabla': http(`GET ${maps}?watch=true&timeoutSeconds=1&labelSelector=letra%3Da`, {
        headers: { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' },
        only: ['type', 'kind', 'columnDefinitions.name', 'rows.cells'],
      }),
      'como metadatos': http(`GET ${maps}?watch=true&timeoutSeconds=1&labelSelector=letra%3Da`, {
        headers: { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' },
        only: ['type', 'kind', 'apiVersion', 'metadata.name', 'spec'],
      }),
      'crear, cambiar y borrar se oyen en orden': client(async ({ coordination, watch }, ns) => {
        const heard: string[] = [];
        const list = await coordination.listNamespacedLease({ namespace: ns });
        const end = Promise.withResolvers<void>();
        const stop = await watch.watch(
          `/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`,
          { resourceVersion: list.metadata?.resourceVersion, timeoutSeconds: 30 },
          (phase, object: { metadata: { name: string; labels?: Record<string, string> } }) => {
            heard.push(`${phase} ${object.metadata.name} ${JSON.stringify(object.metadata.labels ?? {})}`);
            if (phase === 'DELETED') end.resolve();
          },
          () => end.resolve(),
        );
        const body = { metadata: { name: 'oido' } };
        await coordination.createNamespacedLease({ namespace: ns, body });
        await coordination.replaceNamespacedLease({
          name: 'oido',
          namespace: ns,
          body: { metadata: { name: 'oido', labels: { v: '2' } } },
        });
        await coordination.deleteNamespacedLease({ name: 'oido', namespace: ns });
        await end.promise;
        stop.abort();
        return heard;
      }),
      'con selector, dejar de cumplirlo es DELETED': client(async ({ coordination, watch }, ns) => {
        const heard: string[] = [];
        const list = await coordination.listNamespacedLease({ namespace: ns });
        const end = Promise.withResolvers<void>();
        const stop = await watch.watch(
          `/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`,
          { resourceVersion: list.metadata?.resourceVersion, labelSelector: 'v=1', timeoutSeconds: 30 },
          (phase, object: { metadata: { name: string; labels?: Record<string, string> } }) => {
            heard.push(`${phase} ${object.metadata.name} ${JSON.stringify(object.metadata.labels ?? {})}`);
            if (phase === 'DELETED') end.resolve();
          },
          () => end.resolve(),
        );
        const as = (v: string) => ({ metadata: { name: 'cambia', labels: { v } } });
        await coordination.createNamespacedLease({ namespace: ns, body: as('0') });
        for (const v of ['1', '1', '2'])
          await coordination.replaceNamespacedLease({ name: 'cambia', namespace: ns, body: as(v) });
        await end.promise;
        stop.abort();
        return heard;
      }),
    },
    { setup: [apply(...five)] },
  ),
  situation(
    'vigilar-pods',
    'listas',
    {
      'solo uno por su nombre': http('GET /api/v1/namespaces/{ns}/pods?fieldSelector=metadata.name%3Duno', {
        only: ['items.metadata.name', 'items.spec.nodeName'],
      }),
      'los que no tienen nodo': fielded('spec.nodeName=', '/api/v1/namespaces/{ns}/pods'),
      'por restartPolicy': fielded('spec.restartPolicy=Always', '/api/v1/namespaces/{ns}/pods'),
      'por serviceAccountName': fielded('spec.serviceAccountName=default', '/api/v1/namespaces/{ns}/pods'),
    },
    { setup: [apply(pod('uno', { nodeSelector: { nada: 'hay' } }))] },
  ),
];
