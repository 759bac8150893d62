// Admission policies that hold in every namespace of a class: what a namespace alone does not keep to itself.
import type { KubeObject } from '../../../mesh/objects.ts';
import { placeLabel, studentLabel } from '../../kubeadm/place.ts';
import { managedLabel } from '../../managed-label.ts';
import { sharedName } from '../class.ts';

interface Guard {
  name: string;
  rules: { apiGroups: string[]; resources: string[]; operations?: string[] }[];
  /** Only for requests that fulfil all. */
  conditions?: Record<string, string>;
  variables?: Record<string, string>;
  /** CEL that must be true → what is told when it is not, in Spanish. */
  validations: [string, string][];
}

/** A policy and its binding for each guard. Needs Kubernetes 1.30. */
export function guardObjects(): KubeObject[] {
  return guards.flatMap(({ name, rules, conditions = {}, variables = {}, validations }): KubeObject[] => {
    const metadata = { name: `${sharedName}-${name}`, labels: { ...managedLabel } };
    const named = (expressions: Record<string, string>) =>
      Object.entries(expressions).map(([key, expression]) => ({ name: key, expression }));
    return [
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata,
        spec: {
          failurePolicy: 'Fail',
          matchConstraints: {
            namespaceSelector: { matchExpressions: [{ key: placeLabel, operator: 'Exists' }] },
            // The selector of namespaces lets every object through that is in none: nodes, roles of the cluster…
            resourceRules: rules.map((rule) => ({
              scope: 'Namespaced',
              operations: ['CREATE', 'UPDATE'],
              apiVersions: ['*'],
              ...rule,
            })),
          },
          matchConditions: named(conditions),
          variables: named({ ns: 'request.namespace', ...variables }),
          validations: validations.map(([expression, message]) => ({ expression, message, reason: 'Forbidden' })),
        },
      },
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata,
        spec: { policyName: metadata.name, validationActions: ['Deny'] },
      },
    ];
  });
}

const student = `namespaceObject.metadata.labels['${studentLabel}']`;
/** Of a host `h`: a short name, or a name of a service of this namespace. */
const ownHost = (h: string) =>
  `((!${h}.contains('.') && !${h}.contains('*')) || ['.' + variables.ns, '.' + variables.ns + '.svc', '.' + variables.ns + '.svc.cluster.local'].exists(e, ${h}.endsWith(e)))`;
const listOf = (path: string) => `has(object.spec.${path}) ? object.spec.${path} : []`;

const guards: Guard[] = [
  {
    name: 'gateways',
    rules: [{ apiGroups: ['networking.istio.io'], resources: ['gateways'] }],
    validations: [
      [
        `has(object.spec.selector) && size(object.spec.selector) == 1 && 'istio' in object.spec.selector && object.spec.selector['istio'] == 'ingressgateway-' + ${student}`,
        'En este clúster cada alumno tiene su pasarela: el selector de tu Gateway debe ser «istio: ingressgateway-» y tu nombre de alumno, y nada más.',
      ],
    ],
  },
  {
    name: 'virtualservices',
    rules: [{ apiGroups: ['networking.istio.io'], resources: ['virtualservices'] }],
    variables: {
      hosts: listOf('hosts'),
      gateways: listOf('gateways'),
      mesh: "size(variables.gateways) == 0 || 'mesh' in variables.gateways",
    },
    validations: [
      [
        "variables.gateways.all(g, g == 'mesh' || (!g.contains('/') && !g.contains('.')) || g.startsWith(variables.ns + '/'))",
        'Ese VirtualService nombra un Gateway de otro espacio de nombres: usa los tuyos.',
      ],
      [
        `!variables.mesh || variables.hosts.all(h, ${ownHost('h')})`,
        'Ese VirtualService vale dentro de la malla y nombra un host que no es de tus servicios: afectaría a otros.',
      ],
    ],
  },
  {
    name: 'serviceentries',
    rules: [{ apiGroups: ['networking.istio.io'], resources: ['serviceentries'] }],
    validations: [
      [
        "has(object.spec.exportTo) && object.spec.exportTo == ['.']",
        'En este clúster un ServiceEntry debe llevar «exportTo: ["."]», para que solo lo vean tus pods.',
      ],
      [
        `object.spec.hosts.all(h, !h.endsWith('.cluster.local') || ${ownHost('h')})`,
        'Ese ServiceEntry nombra un servicio de otro espacio de nombres.',
      ],
    ],
  },
  {
    name: 'gateway-api',
    rules: [{ apiGroups: ['gateway.networking.k8s.io'], resources: ['gateways', 'httproutes', 'grpcroutes'] }],
    validations: [
      [
        '!has(object.spec.addresses) || size(object.spec.addresses) == 0',
        'Ese Gateway pide la dirección de otra pasarela: deja que Istio haga una para él.',
      ],
      [
        '!has(object.spec.parentRefs) || object.spec.parentRefs.all(p, !has(p.namespace) || p.namespace == variables.ns)',
        'Esa ruta cuelga de un Gateway de otro espacio de nombres: usa los tuyos.',
      ],
    ],
  },
  {
    name: 'services',
    rules: [{ apiGroups: [''], resources: ['services'] }],
    validations: [
      [
        '!has(object.spec.externalIPs) || size(object.spec.externalIPs) == 0',
        'Un Service con externalIPs se quedaría con el tráfico de otros: usa un NodePort.',
      ],
    ],
  },
  {
    name: 'pods',
    rules: [{ apiGroups: [''], resources: ['pods'] }],
    variables: {
      containers: `object.spec.containers + (${listOf('initContainers')})`,
      contexts: 'variables.containers.filter(c, has(c.securityContext))',
    },
    validations: [
      [
        '[has(object.spec.hostNetwork) && object.spec.hostNetwork, has(object.spec.hostPID) && object.spec.hostPID, has(object.spec.hostIPC) && object.spec.hostIPC].all(b, !b)',
        'Ese pod usa la red o los procesos del nodo.',
      ],
      [
        '!has(object.spec.volumes) || object.spec.volumes.all(v, has(v.emptyDir) || has(v.configMap) || has(v.secret) || has(v.projected) || has(v.downwardAPI))',
        'Ese pod monta un volumen del nodo o de la red: usa emptyDir, configMap o secret.',
      ],
      [
        'variables.contexts.all(c, !(has(c.securityContext.privileged) && c.securityContext.privileged))',
        'Ese pod pide un contenedor con privilegios.',
      ],
      [
        "variables.contexts.all(c, !has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add) || c.securityContext.capabilities.add.all(a, a == 'NET_BIND_SERVICE' || (c.name == 'istio-init' && a in ['NET_ADMIN', 'NET_RAW'])))",
        'Ese pod pide capacidades del núcleo que aquí no se dan.',
      ],
      [
        'variables.containers.all(c, !has(c.ports) || c.ports.all(p, !has(p.hostPort) || p.hostPort == 0))',
        'Ese pod ocupa un puerto del nodo: usa un NodePort.',
      ],
      [
        '!has(object.spec.priority) || object.spec.priority <= 0',
        'Ese pod pide pasar delante de los demás (priorityClassName).',
      ],
      [
        "request.operation != 'CREATE' || !has(object.spec.nodeName) || object.spec.nodeName == ''",
        'Ese pod elige nodo por su cuenta (nodeName): deja que lo haga el planificador.',
      ],
      [
        `!has(object.metadata.labels) || !('istio' in object.metadata.labels) || object.metadata.labels['istio'] == 'ingressgateway-' + ${student}`,
        'Ese pod se hace pasar por la pasarela de otro con su etiqueta «istio».',
      ],
    ],
  },
  {
    // Only for the accounts of the namespace itself: who runs the class may change all.
    name: 'propios',
    rules: [{ apiGroups: ['*'], resources: ['*'], operations: ['UPDATE', 'DELETE'] }],
    conditions: {
      'de-alumno': "request.userInfo.username.startsWith('system:serviceaccount:' + request.namespace + ':')",
    },
    validations: [
      [
        "!has(oldObject.metadata.labels) || !('app.kubernetes.io/managed-by' in oldObject.metadata.labels) || oldObject.metadata.labels['app.kubernetes.io/managed-by'] != 'malla'",
        'Ese objeto es del clúster de clase: separa tu espacio de los demás, y no se cambia.',
      ],
    ],
  },
];
