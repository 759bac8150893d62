// Who may do what, reviews, admission policies, quotas and limits.
import { setTimeout as wait } from 'node:timers/promises';
import { apply, client, http, kubectl, type Situation, situation } from '../behaviour.ts';
import type { Client } from '../client.ts';
import { configMap, container, deployment, pod, service } from '../objects.ts';

const maps = '/api/v1/namespaces/{ns}/configmaps';
const ana = { 'impersonate-user': 'ana' };
const rbac = 'rbac.authorization.k8s.io';

export const permissions: Situation[] = [
  situation(
    'rbac',
    'permisos',
    {
      'leer lo que se puede': http(`GET ${maps}/uno`, { headers: ana, only: ['metadata.name'] }),
      'listar lo que no': http(`GET ${maps}`, { headers: ana }),
      'escribir lo que no': http(`POST ${maps}`, { body: configMap('x'), headers: ana }),
      'borrar lo que no': http(`DELETE ${maps}/uno`, { headers: ana }),
      'otro nombre que el permitido': http(`GET ${maps}/kube-root-ca.crt`, { headers: ana }),
      'de otro grupo': http('GET /apis/apps/v1/namespaces/{ns}/deployments', { headers: ana }),
      'del clúster': http('GET /api/v1/nodes', { headers: ana }),
      'un subrecurso': http('GET /api/v1/namespaces/{ns}/pods/x/log', { headers: ana }),
      'una clase que no hay': http('GET /apis/nada.example.com/v1/nadas', { headers: ana }),
      'una dirección que no es recurso': http('GET /metrics', { headers: ana, firstLine: true }),
      'descubrir sí puede': http('GET /api', { headers: ana, only: ['kind'] }),
      'salud sí puede': http('GET /healthz', { headers: ana }),
      'el anónimo no lee': http(`GET ${maps}`, { stranger: true }),
      'el anónimo mira la versión': http('GET /version', { stranger: true, only: ['major'] }),
      'el anónimo no descubre': http('GET /apis', { stranger: true }),
      'un token malo': http(`GET ${maps}`, { stranger: true, headers: { authorization: 'Bearer nada' } }),
      'otra clase de credencial': http(`GET ${maps}`, { stranger: true, headers: { authorization: 'Basic YTpi' } }),
      'hacerse pasar sin permiso': http(`GET ${maps}`, { stranger: true, headers: ana }),
      'un grupo': http(`GET ${maps}`, {
        headers: { 'impersonate-user': 'luis', 'impersonate-group': 'kf-grupo' },
        only: ['kind', 'message'],
      }),
      'un grupo sin usuario': http(`GET ${maps}`, { headers: { 'impersonate-group': 'kf-grupo' } }),
      'una cuenta de servicio': http(`GET ${maps}`, {
        headers: { 'impersonate-user': 'system:serviceaccount:{ns}:default' },
        only: ['kind', 'message'],
      }),
      'dar más de lo que se tiene': http(`POST /apis/${rbac}/v1/namespaces/{ns}/roles`, {
        body: {
          apiVersion: `${rbac}/v1`,
          kind: 'Role',
          metadata: { name: 'mas' },
          rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
        },
        headers: { 'impersonate-user': 'jefa' },
      }),
      'atar un papel que no se tiene': http(`POST /apis/${rbac}/v1/namespaces/{ns}/rolebindings`, {
        body: {
          apiVersion: `${rbac}/v1`,
          kind: 'RoleBinding',
          metadata: { name: 'mas' },
          roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
          subjects: [{ kind: 'User', apiGroup: rbac, name: 'jefa' }],
        },
        headers: { 'impersonate-user': 'jefa' },
      }),
      'auth can-i sí': kubectl('auth can-i get cm/uno -n {ns} --as=ana'),
      'auth can-i no': kubectl('auth can-i list cm -n {ns} --as=ana'),
      'auth can-i de una clase que no hay': kubectl('auth can-i get nadas -n {ns}'),
      'auth can-i del administrador': kubectl(`auth can-i '*' '*'`),
      'auth can-i --list': kubectl('auth can-i --list -n {ns} --as=ana', { lines: /configmaps/ }),
      'auth can-i --list, direcciones': kubectl('auth can-i --list -n {ns} --as=ana'),
      'auth can-i de una dirección': kubectl('auth can-i get /healthz --as=ana'),
      'auth can-i de un subrecurso': kubectl('auth can-i get pods --subresource=log -n {ns} --as=ana'),
      'auth whoami': kubectl('auth whoami --as=ana --as-group=uno'),
      'get sin permiso': kubectl('get pods -n {ns} --as=ana'),
      'create sin permiso': kubectl('create cm x -n {ns} --as=ana'),
      'delete sin permiso': kubectl('delete cm uno -n {ns} --as=ana'),
      SelfSubjectAccessReview: http('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { namespace: '{ns}', verb: 'get', resource: 'configmaps', name: 'uno' } },
        },
        headers: ana,
        only: ['kind', 'spec', 'status'],
      }),
      'SelfSubjectAccessReview que no': http('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { namespace: '{ns}', verb: 'list', resource: 'configmaps' } },
        },
        headers: ana,
      }),
      'SubjectAccessReview vacío': http('POST /apis/authorization.k8s.io/v1/subjectaccessreviews', {
        body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: {} },
      }),
      SubjectAccessReview: http('POST /apis/authorization.k8s.io/v1/subjectaccessreviews', {
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          spec: {
            user: 'ana',
            resourceAttributes: { namespace: '{ns}', verb: 'get', resource: 'configmaps', name: 'uno' },
          },
        },
        only: ['status'],
      }),
      SelfSubjectReview: http('POST /apis/authentication.k8s.io/v1/selfsubjectreviews', {
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
        headers: ana,
      }),
      'un permiso a un papel que no hay': kubectl('auth can-i list secrets -n {ns} --as=eva'),
    },
    {
      setup: [
        apply(
          configMap('uno'),
          {
            apiVersion: `${rbac}/v1`,
            kind: 'Role',
            metadata: { name: 'lee' },
            rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['uno'], verbs: ['get'] }],
          },
          {
            apiVersion: `${rbac}/v1`,
            kind: 'RoleBinding',
            metadata: { name: 'lee' },
            roleRef: { apiGroup: rbac, kind: 'Role', name: 'lee' },
            subjects: [{ kind: 'User', apiGroup: rbac, name: 'ana' }],
          },
          {
            apiVersion: `${rbac}/v1`,
            kind: 'RoleBinding',
            metadata: { name: 'eva' },
            roleRef: { apiGroup: rbac, kind: 'Role', name: 'nada' },
            subjects: [{ kind: 'User', apiGroup: rbac, name: 'eva' }],
          },
          {
            apiVersion: `${rbac}/v1`,
            kind: 'RoleBinding',
            metadata: { name: 'grupo' },
            roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' },
            subjects: [{ kind: 'Group', apiGroup: rbac, name: 'kf-grupo' }],
          },
          {
            apiVersion: `${rbac}/v1`,
            kind: 'Role',
            metadata: { name: 'jefa' },
            rules: [{ apiGroups: [rbac], resources: ['roles', 'rolebindings'], verbs: ['*'] }],
          },
          {
            apiVersion: `${rbac}/v1`,
            kind: 'RoleBinding',
            metadata: { name: 'jefa' },
            roleRef: { apiGroup: rbac, kind: 'Role', name: 'jefa' },
            subjects: [{ kind: 'User', apiGroup: rbac, name: 'jefa' }],
          },
        ),
        kubectl('auth can-i get cm/uno -n {ns} --as=ana', { until: true }),
      ],
    },
  ),
  situation(
    'politicas',
    'permisos',
    {
      'lo que cumple pasa': http(`POST ${maps}?dryRun=All`, {
        body: configMap('bien', { dueño: 'x' }),
        only: ['kind', 'message'],
      }),
      'lo que no, se niega': http(`POST ${maps}?dryRun=All`, { body: configMap('mal', { prohibido: 'si' }) }),
      'kubectl lo dice': kubectl('create cm mal -n {ns} --from-literal=prohibido=si'),
      'apply lo dice': kubectl('apply -n {ns} -f -', { input: JSON.stringify(configMap('mal', { prohibido: 'si' })) }),
      'un aviso': http(`POST ${maps}?dryRun=All`, { body: configMap('aviso', { raro: 'si' }) }),
      'lo que no casa no se mira': http('POST /api/v1/namespaces/{ns}/secrets?dryRun=All', {
        body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, stringData: { prohibido: 'si' } },
        only: ['kind'],
      }),
      'una expresión que no compila': http('POST /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies', {
        body: {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicy',
          metadata: { name: 'kf-rota' },
          spec: {
            matchConstraints: {
              resourceRules: [
                { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
              ],
            },
            validations: [{ expression: 'object.' }],
          },
        },
      }),
      'sin validaciones': http('POST /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies', {
        body: {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicy',
          metadata: { name: 'kf-rota' },
          spec: { matchConstraints: { resourceRules: [] } },
        },
      }),
      'una atadura sin acciones': http('POST /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings', {
        body: {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicyBinding',
          metadata: { name: 'kf-rota' },
          spec: { policyName: 'kf-politica' },
        },
      }),
    },
    {
      setup: [
        apply(
          policy('kf-politica', `!has(object.data.prohibido)`, `'no se puede: ' + object.metadata.name`),
          policy('kf-aviso', `!has(object.data.raro)`, `'es raro'`),
          binding('kf-politica', ['Deny']),
          binding('kf-aviso', ['Warn']),
        ),
        // A policy is in force a moment later.
        kubectl(
          `wait --for=jsonpath={.status.observedGeneration}=1 validatingadmissionpolicy/kf-politica --timeout=30s`,
        ),
        client(inForce),
      ],
      cleanup: [
        'validatingadmissionpolicy kf-politica kf-aviso',
        'validatingadmissionpolicybinding kf-politica kf-aviso',
      ],
    },
  ),
  situation(
    'cuotas',
    'permisos',
    {
      'el segundo Service no cabe': [
        http('POST /api/v1/namespaces/{ns}/services', { body: service('a'), quiet: true }),
        http('POST /api/v1/namespaces/{ns}/services', { body: service('b') }),
      ],
      'kubectl lo dice': kubectl('create service clusterip c -n {ns} --tcp=80'),
      'un pod sin límites no cabe': http('POST /api/v1/namespaces/{ns}/pods', {
        body: pod('x', { containers: [container({ resources: { requests: { cpu: '1' } } })] }),
      }),
      'un pod que pide demasiado': http('POST /api/v1/namespaces/{ns}/pods', {
        body: pod('x', {
          containers: [container({ resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { memory: '2Gi' } } })],
        }),
      }),
      'un pod sobre el máximo del LimitRange': http('POST /api/v1/namespaces/{ns}/pods', {
        body: pod('x', { containers: [container({ resources: { limits: { cpu: '9', memory: '1Mi' } } })] }),
      }),
      'el LimitRange pone lo que falta': http('POST /api/v1/namespaces/{ns}/pods?dryRun=All', {
        body: pod('y', {
          containers: [container({ resources: { requests: { memory: '1Mi' }, limits: { memory: '1Mi' } } })],
        }),
        only: ['spec.containers.resources', 'metadata.annotations', 'message'],
      }),
      'describe quota': kubectl('describe quota q -n {ns}'),
      'get quota': kubectl('get quota -n {ns}'),
      'describe limits': kubectl('describe limits l -n {ns}'),
    },
    {
      setup: [
        apply(
          {
            apiVersion: 'v1',
            kind: 'ResourceQuota',
            metadata: { name: 'q' },
            spec: {
              hard: { 'count/deployments.apps': '1', services: '1', 'requests.memory': '1Gi', 'requests.cpu': '20' },
            },
          },
          {
            apiVersion: 'v1',
            kind: 'LimitRange',
            metadata: { name: 'l' },
            spec: {
              limits: [
                { type: 'Container', max: { cpu: '4' }, default: { cpu: '2' }, defaultRequest: { cpu: '100m' } },
              ],
            },
          },
          deployment('web', { replicas: 0 }),
        ),
        kubectl(`wait -n {ns} --for=jsonpath={.status.used.services}=0 quota/q --timeout=30s`),
      ],
    },
  ),
];

function policy(name: string, expression: string, messageExpression: string) {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kf-politicas' } },
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
        ],
      },
      validations: [{ expression, messageExpression }],
    },
  };
}

function binding(name: string, validationActions: string[]) {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions },
  };
}

/** Until the policy refuses. */
async function inForce({ core }: Client, namespace: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  const body = { metadata: { name: 'espera' }, data: { prohibido: 'si' } };
  for (;;) {
    try {
      await core.createNamespacedConfigMap({ namespace, body, dryRun: 'All' });
    } catch {
      return;
    }
    if (Date.now() > deadline) throw new Error('the policy is not in force after 20 s');
    await wait(200);
  }
}
