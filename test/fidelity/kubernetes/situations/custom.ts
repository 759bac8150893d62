// CustomResourceDefinitions and the objects of their kinds.
import { apply, http, kubectl, type Situation, situation } from '../behaviour.ts';
import { crd, custom } from '../objects.ts';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const objects = (plural: string) => `/apis/kf.malla.dev/v1/namespaces/{ns}/${plural}`;
const merge = { 'content-type': 'application/merge-patch+json' };
const established = (plural: string) =>
  kubectl(`wait --for=condition=Established crd/${plural}.kf.malla.dev --timeout=30s`);
const refused = (definition: object) => http(`POST ${crds}`, { body: definition });

const shape = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['color'],
      properties: {
        color: { type: 'string', enum: ['rojo', 'verde'] },
        size: { type: 'integer', minimum: 1, maximum: 10, default: 3 },
        name: { type: 'string', pattern: '^[a-z]+$', maxLength: 5, minLength: 2 },
        tags: { type: 'array', maxItems: 2, items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        either: { 'x-kubernetes-int-or-string': true },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        map: { type: 'object', additionalProperties: { type: 'integer' } },
        ratio: { type: 'number', multipleOf: 0.5 },
        when: { type: 'string', format: 'date-time' },
        maybe: { type: 'string', nullable: true },
        ports: {
          type: 'array',
          items: {
            type: 'object',
            required: ['port'],
            properties: { port: { type: 'integer' }, name: { type: 'string' } },
          },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port'],
        },
      },
      'x-kubernetes-validations': [
        { rule: `self.color != 'rojo' || self.size < 8`, message: 'lo rojo es pequeño' },
        { rule: 'self.size >= oldSelf.size', message: 'no se encoge', fieldPath: '.size' },
      ],
    },
    status: { type: 'object', properties: { ready: { type: 'boolean' }, replicas: { type: 'integer' } } },
  },
};

const made = (spec: object, more: object = {}) =>
  http(`POST ${objects('cosas')}`, { body: custom('Cosa', 'x', { spec, ...more }) });
const dry = (spec: object, more: object = {}) =>
  http(`POST ${objects('cosas')}?dryRun=All`, { body: custom('Cosa', 'y', { spec, ...more }) });

export const customKinds: Situation[] = [
  situation(
    'crd-objetos',
    'crd',
    {
      'uno mínimo con sus valores': made({ color: 'rojo' }),
      'lo que sobra se tira': dry({ color: 'rojo', nada: 1, free: { se: 'queda' } }),
      'lo que sobra, estricto': http(`POST ${objects('cosas')}?dryRun=All&fieldValidation=Strict`, {
        body: custom('Cosa', 'y', { spec: { color: 'rojo', nada: 1 }, otra: 2 }),
      }),
      'falta lo obligatorio': dry({}),
      'falta spec': http(`POST ${objects('cosas')}?dryRun=All`, { body: custom('Cosa', 'y') }),
      'un valor que no está en la lista': dry({ color: 'azul' }),
      'un número pequeño': dry({ color: 'rojo', size: 0 }),
      'un número grande': dry({ color: 'verde', size: 11 }),
      'un texto donde va un número': dry({ color: 'rojo', size: 'x' }),
      'un número con decimales donde va un entero': dry({ color: 'rojo', size: 1.5 }),
      'no cumple el patrón': dry({ color: 'rojo', name: 'A1' }),
      'demasiado largo': dry({ color: 'rojo', name: 'abcdefg' }),
      'demasiado corto': dry({ color: 'rojo', name: 'a' }),
      demasiados: dry({ color: 'rojo', tags: ['a', 'b', 'c'] }),
      'repetidos en un conjunto': dry({ color: 'rojo', tags: ['a', 'a'] }),
      'repetidos en una lista con clave': dry({ color: 'rojo', ports: [{ port: 1 }, { port: 1 }] }),
      'un mapa con un valor malo': dry({ color: 'rojo', map: { a: 'x' } }),
      'no es múltiplo': dry({ color: 'rojo', ratio: 0.3 }),
      'una fecha mala': dry({ color: 'rojo', when: 'ayer' }),
      'null donde se puede': dry({ color: 'rojo', maybe: null }),
      'null donde no se puede': dry({ color: 'rojo', size: null }),
      'entero o texto: un booleano': dry({ color: 'rojo', either: true }),
      'una regla CEL que no se cumple': dry({ color: 'rojo', size: 9 }),
      'una regla de cambio': http(`PATCH ${objects('cosas')}/x`, { body: { spec: { size: 1 } }, headers: merge }),
      'crecer sí': http(`PATCH ${objects('cosas')}/x`, {
        body: { spec: { size: 5 } },
        headers: merge,
        only: ['spec', 'metadata.generation'],
      }),
      'cambiar etiquetas no cuenta como generación': http(`PATCH ${objects('cosas')}/x`, {
        body: { metadata: { labels: { a: 'b' } } },
        headers: merge,
        only: ['metadata.generation', 'metadata.labels'],
      }),
      'varios fallos a la vez': dry({ color: 'azul', size: 0, name: 'A' }),
      'un parche estratégico': http(`PATCH ${objects('cosas')}/x`, {
        body: {},
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
      }),
      'status no se escribe con el objeto': http(`PATCH ${objects('cosas')}/x`, {
        body: { status: { ready: true } },
        headers: merge,
        only: ['status', 'kind'],
      }),
      'status por su camino': http(`PATCH ${objects('cosas')}/x/status`, {
        body: { status: { ready: true, replicas: 2 } },
        headers: merge,
        only: ['status', 'metadata.generation'],
      }),
      scale: http(`GET ${objects('cosas')}/x/scale`),
      'kubectl scale': kubectl('scale cosa/x -n {ns} --replicas=6'),
      'kubectl get': kubectl('get cosas -n {ns}'),
      'kubectl get -o wide': kubectl('get co -n {ns} -o wide'),
      'kubectl get por categoría': kubectl('get kf -n {ns}'),
      'kubectl describe': kubectl('describe cosa x -n {ns}'),
      'kubectl explain': kubectl('explain cosas.spec'),
      'kubectl explain de un campo': kubectl('explain cosa.spec.color'),
      'kubectl api-resources': kubectl('api-resources --api-group=kf.malla.dev -o wide'),
      'sus recursos': http('GET /apis/kf.malla.dev/v1'),
      apply: kubectl('apply -n {ns} -f -', {
        input: JSON.stringify(custom('Cosa', 'z', { spec: { color: 'verde' } })),
      }),
      'apply con una errata': kubectl('apply -n {ns} -f -', {
        input: JSON.stringify(custom('Cosa', 'z', { spec: { colr: 'verde' } })),
      }),
      'apply en el servidor: listas con clave': [
        http(`PATCH ${objects('cosas')}/ssa?fieldManager=ana`, {
          body: custom('Cosa', 'ssa', { spec: { color: 'verde', ports: [{ port: 1, name: 'a' }] } }),
          headers: { 'content-type': 'application/apply-patch+yaml' },
          quiet: true,
        }),
        http(`PATCH ${objects('cosas')}/ssa?fieldManager=luis`, {
          body: custom('Cosa', 'ssa', { spec: { ports: [{ port: 2 }] } }),
          headers: { 'content-type': 'application/apply-patch+yaml' },
          only: ['spec.ports'],
          fields: true,
        }),
      ],
      'conflicto en una lista con clave': http(`PATCH ${objects('cosas')}/ssa?fieldManager=luis`, {
        body: custom('Cosa', 'ssa', { spec: { ports: [{ port: 1, name: 'otro' }] } }),
        headers: { 'content-type': 'application/apply-patch+yaml' },
      }),
      'un campo por el que se puede elegir': http(`GET ${objects('cosas')}?fieldSelector=spec.color%3Drojo`, {
        only: ['items.metadata.name', 'message'],
      }),
      'uno por el que no': http(`GET ${objects('cosas')}?fieldSelector=spec.size%3D3`, {
        only: ['items.metadata.name', 'message'],
      }),
      borrar: http(`DELETE ${objects('cosas')}/x`),
    },
    {
      setup: [
        apply(
          crd(
            'cosas',
            'Cosa',
            shape,
            {
              subresources: {
                status: {},
                scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas' },
              },
              selectableFields: [{ jsonPath: '.spec.color' }],
              additionalPrinterColumns: [
                { name: 'Color', type: 'string', jsonPath: '.spec.color' },
                { name: 'Listo', type: 'boolean', jsonPath: '.status.ready' },
                { name: 'Talla', type: 'integer', jsonPath: '.spec.size', priority: 1, description: 'su talla' },
                { name: 'Edad', type: 'date', jsonPath: '.metadata.creationTimestamp' },
              ],
            },
            {
              names: {
                plural: 'cosas',
                kind: 'Cosa',
                singular: 'cosa',
                listKind: 'CosaList',
                shortNames: ['co'],
                categories: ['kf'],
              },
            },
          ),
        ),
        established('cosas'),
        http(`GET ${objects('cosas')}`, { until: true }),
      ],
      cleanup: ['crd cosas.kf.malla.dev'],
    },
  ),
  situation(
    'crd-definiciones',
    'crd',
    {
      'una buena, de prueba': http(`POST ${crds}?dryRun=All`, { body: crd('buenas', 'Buena') }),
      'el nombre no es plural y grupo': refused({ ...crd('malas', 'Mala'), metadata: { name: 'otra.kf.malla.dev' } }),
      'sin esquema': refused(crd('malas', 'Mala', undefined, { schema: undefined })),
      'sin versiones': refused(crd('malas', 'Mala', undefined, {}, { versions: [] })),
      'dos versiones guardadas': refused(
        crd(
          'malas',
          'Mala',
          undefined,
          {},
          {
            versions: ['v1', 'v2'].map((name) => ({
              name,
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: 'object' } },
            })),
          },
        ),
      ),
      'ninguna guardada': refused(crd('malas', 'Mala', undefined, { storage: false })),
      'un plural con mayúsculas': refused(crd('Malas', 'Mala')),
      'un grupo sin punto': refused({
        ...crd('malas', 'Mala', undefined, {}, { group: 'kf' }),
        metadata: { name: 'malas.kf' },
      }),
      'un ámbito inventado': refused(crd('malas', 'Mala', undefined, {}, { scope: 'Nada' })),
      'una versión de mal nombre': refused(crd('malas', 'Mala', undefined, { name: 'V_1' })),
      'un tipo inventado': refused(crd('malas', 'Mala', { type: 'object', properties: { a: { type: 'nada' } } })),
      'un campo sin tipo': refused(crd('malas', 'Mala', { type: 'object', properties: { a: {} } })),
      'una lista sin items': refused(crd('malas', 'Mala', { type: 'object', properties: { a: { type: 'array' } } })),
      'la raíz no es un objeto': refused(crd('malas', 'Mala', { type: 'string' })),
      'una regla CEL que no se entiende': refused(
        crd('malas', 'Mala', { type: 'object', 'x-kubernetes-validations': [{ rule: 'self.nada ==' }] }),
      ),
      'un valor por omisión que no cumple': refused(
        crd('malas', 'Mala', { type: 'object', properties: { a: { type: 'integer', default: 'x' } } }),
      ),
      'properties y additionalProperties': refused(
        crd('malas', 'Mala', {
          type: 'object',
          properties: { a: { type: 'string' } },
          additionalProperties: { type: 'string' },
        }),
      ),
      'una columna de tipo inventado': refused(
        crd('malas', 'Mala', undefined, { additionalPrinterColumns: [{ name: 'A', type: 'nada', jsonPath: '.a' }] }),
      ),
      'una columna con ruta mala': refused(
        crd('malas', 'Mala', undefined, { additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: 'a' }] }),
      ),
      preserveUnknownFields: refused(crd('malas', 'Mala', undefined, {}, { preserveUnknownFields: true })),
      'un grupo protegido': refused({
        ...crd('malas', 'Mala', undefined, {}, { group: 'kf.k8s.io' }),
        metadata: { name: 'malas.kf.k8s.io' },
      }),
      'su status': http(`GET ${crds}/dobles.kf.malla.dev`, { only: ['status', 'spec.conversion', 'spec.names'] }),
      'dos versiones: por la vieja': http('GET /apis/kf.malla.dev/v1alpha1/namespaces/{ns}/dobles/x', {
        only: ['apiVersion', 'spec'],
      }),
      'dos versiones: por la nueva': http('GET /apis/kf.malla.dev/v1/namespaces/{ns}/dobles/x', {
        only: ['apiVersion', 'spec'],
      }),
      'una versión que no se sirve': http('GET /apis/kf.malla.dev/v2/namespaces/{ns}/dobles/x'),
      'una versión vieja avisa': http('GET /apis/kf.malla.dev/v1alpha1/namespaces/{ns}/dobles', { only: ['kind'] }),
      'nombres que ya tiene otra': [
        http(`POST ${crds}`, { body: crd('copias', 'Doble'), quiet: true }),
        kubectl('wait --for=condition=NamesAccepted=False crd/copias.kf.malla.dev --timeout=10s'),
        http(`GET ${crds}/copias.kf.malla.dev`, { only: ['status'] }),
      ],
      'borrarla borra sus objetos': [
        kubectl('delete crd dobles.kf.malla.dev --timeout=30s'),
        http('GET /apis/kf.malla.dev/v1/namespaces/{ns}/dobles/x'),
      ],
      'get crd': kubectl('get crd copias.kf.malla.dev'),
      'cambiar el ámbito': http(`PATCH ${crds}/copias.kf.malla.dev`, {
        body: { spec: { scope: 'Cluster' } },
        headers: merge,
      }),
    },
    {
      setup: [
        apply(
          crd(
            'dobles',
            'Doble',
            undefined,
            {},
            {
              versions: ['v1', 'v1alpha1'].map((name) => ({
                name,
                served: true,
                storage: name === 'v1',
                ...(name === 'v1alpha1' ? { deprecated: true } : {}),
                schema: {
                  openAPIV3Schema: {
                    type: 'object',
                    properties: { spec: { type: 'object', properties: { a: { type: 'string' } } } },
                  },
                },
              })),
            },
          ),
        ),
        established('dobles'),
        http(`GET ${objects('dobles')}`, { until: true }),
        http(`POST ${objects('dobles')}`, { body: custom('Doble', 'x', { spec: { a: '1' } }), until: true }),
      ],
      cleanup: ['crd dobles.kf.malla.dev copias.kf.malla.dev'],
    },
  ),
];
