// What no client should send: a Status with the right code and reason, and nothing else happens.
import { http, kubectl, type Situation, situation } from '../behaviour.ts';
import { configMap } from '../objects.ts';

const maps = '/api/v1/namespaces/{ns}/configmaps';
const patch = (type: string) => ({ 'content-type': `application/${type}` });
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

export const badInput: Situation[] = [
  situation('malos', 'malos-datos', {
    'JSON cortado': http(`POST ${maps}`, { body: '{"apiVersion":"v1","kind":"ConfigMap",' }),
    'JSON con basura detrás': http(`POST ${maps}`, {
      body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}} basura',
    }),
    'no es JSON': http(`POST ${maps}`, { body: 'hola' }),
    'una lista': http(`POST ${maps}`, { body: '[]' }),
    null: http(`POST ${maps}`, { body: 'null' }),
    'un texto': http(`POST ${maps}`, { body: '"x"' }),
    'YAML roto': http(`POST ${maps}`, { body: 'a: [', headers: patch('yaml') }),
    'YAML con tabulador': http(`POST ${maps}`, { body: 'a:\n\tb: 1', headers: patch('yaml') }),
    'protobuf roto': http(`POST ${maps}`, {
      body: 'k8s\0nada',
      headers: patch('vnd.kubernetes.protobuf'),
      only: ['code', 'reason', 'status'],
    }),
    'CBOR no se admite': http(`POST ${maps}`, { body: 'x', headers: patch('cbor') }),
    'más de 3 MB': http(`POST ${maps}`, {
      body: `{"a":"${'x'.repeat(3_200_000)}"}`,
      only: ['code', 'reason', 'status', 'message'],
    }),
    'más de 3 MB en un parche': http(`PATCH ${maps}/kube-root-ca.crt`, {
      body: `{"a":"${'x'.repeat(3_200_000)}"}`,
      headers: patch('merge-patch+json'),
      only: ['code', 'reason', 'status', 'message'],
    }),
    'metadata que es un texto': http(`POST ${maps}`, { body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: 'x' } }),
    'labels que es una lista': http(`POST ${maps}`, {
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', labels: [] } },
    }),
    'un número en una etiqueta': http(`POST ${maps}`, {
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', labels: { a: 1 } } },
    }),
    'el nombre es un número': http(`POST ${maps}`, {
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 7 } },
    }),
    'kind es un número': http(`POST ${maps}`, { body: { apiVersion: 'v1', kind: 7, metadata: { name: 'x' } } }),
    'un objeto muy hondo': http(`PATCH ${maps}/kube-root-ca.crt`, {
      body: deep(12_000),
      headers: patch('merge-patch+json'),
      only: ['code', 'status'],
    }),
    'un parche JSON de mil operaciones de copia': http(`PATCH ${maps}/kube-root-ca.crt`, {
      body: Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/kind', value: 'ConfigMap' })),
      headers: patch('json-patch+json'),
    }),
    'una ruta de parche sin barra': http(`PATCH ${maps}/kube-root-ca.crt`, {
      body: [{ op: 'add', path: 'data', value: {} }],
      headers: patch('json-patch+json'),
    }),
    'un parche que quita metadata': http(`PATCH ${maps}/kube-root-ca.crt`, {
      body: [{ op: 'remove', path: '/metadata' }],
      headers: patch('json-patch+json'),
    }),
    'un parche que cambia la clase': http(`PATCH ${maps}/kube-root-ca.crt`, {
      only: ['code', 'status'],
      body: { kind: 'Secret' },
      headers: patch('merge-patch+json'),
    }),
    'un parche vacío': http(`PATCH ${maps}/kube-root-ca.crt`, { body: '', headers: patch('merge-patch+json') }),
    'sin Content-Type en un parche': http(`PATCH ${maps}/kube-root-ca.crt`, {
      body: '{}',
      headers: { 'content-type': '' },
    }),
    'nombre con %2F': http(`GET ${maps}/a%2Fb`),
    'nombre con ..': http(`GET ${maps}/..`, { firstLine: true }),
    'nombre con %2e%2e': http(`GET ${maps}/%2e%2e`, { firstLine: true }),
    'nombre con %25': http(`GET ${maps}/a%25b`),
    'escape roto': http(`GET ${maps}/a%zz`, { firstLine: true }),
    'nombre con cero': http(`GET ${maps}/a%00b`, { only: ['code', 'reason', 'status'] }),
    'nombre larguísimo': http(`GET ${maps}/${'x'.repeat(2000)}`, { only: ['code', 'reason', 'status'] }),
    'una barra al final': http(`GET ${maps}/`, { only: ['kind', 'code'] }),
    'subir con ../': http('GET /api/v1/namespaces/{ns}/../../version', { firstLine: true }),
    'parámetros rotos': http(`GET ${maps}?limit=%zz`, { only: ['kind', 'code', 'message'] }),
    'parámetros inventados se ignoran': http(`GET ${maps}?nada=1`, { only: ['kind'] }),
    'watch inventado': http(`GET ${maps}?watch=nada&timeoutSeconds=1&fieldSelector=metadata.name%3Dkube-root-ca.crt`, {
      only: ['kind', 'code', 'message', 'type'],
    }),
    pretty: http(`GET ${maps}/kube-root-ca.crt?pretty=true`, { only: ['kind'] }),
    'demasiado hondo en la dirección': http(`GET ${maps}/a/b/c/d`),
    'un cuerpo en un GET no importa': http(`GET ${maps}/kube-root-ca.crt`, { body: '{', only: ['kind'] }),
    'dos documentos YAML': kubectl('create -n {ns} -f -', {
      input:
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: d1\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: d2\n',
    }),
    'un documento vacío': kubectl('apply -n {ns} -f -', { input: '---\n' }),
    'nada de entrada': kubectl('apply -n {ns} -f -', { input: '' }),
    'un fichero que no hay': kubectl('apply -n {ns} -f /kf-nada.yaml'),
    'un nombre malo con kubectl': kubectl('create cm Malo -n {ns}'),
    'un nombre malo al leer': kubectl('get cm a/b -n {ns}'),
    'una etiqueta mala con kubectl': kubectl('label cm kube-root-ca.crt -n {ns} "a b=c"'),
    'una lista de un ConfigMap': http(`POST ${maps}`, {
      body: { apiVersion: 'v1', kind: 'List', items: [configMap('x')] },
    }),
  }),
];
