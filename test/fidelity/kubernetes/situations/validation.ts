// What each kind refuses, and in which words; and what may not change.
import { apply, http, type Situation, situation } from '../behaviour.ts';
import { configMap, container, deployment, pod, service, template } from '../objects.ts';

const core = (plural: string) => `/api/v1/namespaces/{ns}/${plural}`;
const group = (g: string, plural: string) => `/apis/${g}/namespaces/{ns}/${plural}`;
const post = (path: string, body: object) => http(`POST ${path}`, { body });
const badPod = (spec: object, metadata: object = {}) => post(core('pods'), pod('x', spec as never, metadata as never));
const badContainer = (more: object) => badPod({ containers: [container(more as never)] });
const badService = (spec: object) => post(core('services'), service('x', spec as never));
const badDeployment = (spec: object) => post(group('apps/v1', 'deployments'), deployment('x', spec as never));
const merge = { 'content-type': 'application/merge-patch+json' };
const change = (path: string, body: object) => http(`PATCH ${path}`, { body, headers: merge });
const object = (apiVersion: string, kind: string, fields: object) => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  ...fields,
});
const selector = { matchLabels: { app: 'x' } };

export const validation: Situation[] = [
  situation('nombres', 'validacion', {
    mayúsculas: post(core('configmaps'), configMap('Malo')),
    'un guion al principio': post(core('configmaps'), configMap('-malo')),
    'un punto vale en un ConfigMap': http(`POST ${core('configmaps')}`, {
      body: configMap('a.b'),
      only: ['metadata.name'],
    }),
    'dos puntos seguidos': post(core('configmaps'), configMap('a..b')),
    '254 letras': post(core('configmaps'), configMap('x'.repeat(254))),
    'un Service no lleva puntos': post(core('services'), service('a.b')),
    'un Service no empieza por número': post(core('services'), service('1a')),
    'un Service de 64 letras': post(core('services'), service('x'.repeat(64))),
    'un espacio de nombres con punto': post('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'a.b' },
    }),
    'un Role con dos puntos vale': http(`POST ${group('rbac.authorization.k8s.io/v1', 'roles')}`, {
      body: { ...object('rbac.authorization.k8s.io/v1', 'Role', { rules: [] }), metadata: { name: 'a:B' } },
      only: ['metadata.name', 'message'],
    }),
    'un Role con barra': post(group('rbac.authorization.k8s.io/v1', 'roles'), {
      ...object('rbac.authorization.k8s.io/v1', 'Role', { rules: [] }),
      metadata: { name: 'a/b' },
    }),
    'generateName malo': post(core('configmaps'), { ...configMap(''), metadata: { generateName: 'Malo-' } }),
    'una etiqueta de valor malo': post(core('configmaps'), configMap('x', {}, { labels: { a: 'b c' } })),
    'una etiqueta larga': post(core('configmaps'), configMap('x', {}, { labels: { a: 'x'.repeat(64) } })),
    'una etiqueta de clave mala': post(core('configmaps'), configMap('x', {}, { labels: { 'a b': 'c' } })),
    'una etiqueta de prefijo malo': post(core('configmaps'), configMap('x', {}, { labels: { 'A_/b': 'c' } })),
    'una anotación de clave mala': post(core('configmaps'), configMap('x', {}, { annotations: { 'a b': 'c' } })),
    'anotaciones enormes': post(core('configmaps'), configMap('x', {}, { annotations: { a: 'x'.repeat(262_145) } })),
    'un dueño sin uid': post(
      core('configmaps'),
      configMap('x', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p' }] }),
    ),
    'dos dueños que mandan': post(
      core('configmaps'),
      configMap(
        'x',
        {},
        {
          ownerReferences: ['a', 'b'].map((n) => ({
            apiVersion: 'v1',
            kind: 'Pod',
            name: n,
            uid: n,
            controller: true,
          })),
        },
      ),
    ),
    'una clave de ConfigMap mala': post(core('configmaps'), configMap('x', { 'a b': '1' })),
    'la misma clave en data y binaryData': post(core('configmaps'), { ...configMap('x'), binaryData: { a: 'AA==' } }),
    'base64 roto en un Secret': post(core('secrets'), object('v1', 'Secret', { data: { a: '%%%' } })),
    'un Secret de TLS sin claves': post(
      core('secrets'),
      object('v1', 'Secret', { type: 'kubernetes.io/tls', data: {} }),
    ),
    'un ConfigMap de más de 1 MiB': post(core('configmaps'), configMap('x', { a: 'x'.repeat(1_100_000) })),
  }),
  situation('pods-malos', 'validacion', {
    'sin contenedores': badPod({ containers: [] }),
    'sin spec': post(core('pods'), { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }),
    'un contenedor sin nombre': badContainer({ name: '' }),
    'un contenedor sin imagen': badContainer({ image: '' }),
    'un contenedor con mal nombre': badContainer({ name: 'Malo_' }),
    'dos con el mismo nombre': badPod({ containers: [container(), container()] }),
    'imagen con espacios': badContainer({ image: ' busybox' }),
    'imagePullPolicy inventada': badContainer({ imagePullPolicy: 'Nunca' }),
    'restartPolicy inventada': badPod({ restartPolicy: 'Nunca' }),
    'dnsPolicy inventada': badPod({ dnsPolicy: 'Nada' }),
    'un puerto fuera de rango': badContainer({ ports: [{ containerPort: 70000 }] }),
    'un puerto cero': badContainer({ ports: [{ containerPort: 0 }] }),
    'un protocolo inventado': badContainer({ ports: [{ containerPort: 80, protocol: 'HTTP' }] }),
    'dos puertos con el mismo nombre': badContainer({
      ports: [
        { containerPort: 80, name: 'a' },
        { containerPort: 81, name: 'a' },
      ],
    }),
    'un nombre de puerto largo': badContainer({ ports: [{ containerPort: 80, name: 'un-nombre-muy-largo' }] }),
    'un env con mal nombre': badContainer({ env: [{ name: '', value: 'x' }] }),
    'un env con valor y origen': badContainer({
      env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    }),
    'un env de un campo que no hay': badContainer({
      env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nada' } } }],
    }),
    'monta un volumen que no hay': badContainer({ volumeMounts: [{ name: 'nada', mountPath: '/x' }] }),
    'dos montajes en el mismo sitio': badPod({
      volumes: [{ name: 'v', emptyDir: {} }],
      containers: [
        container({
          volumeMounts: [
            { name: 'v', mountPath: '/x' },
            { name: 'v', mountPath: '/x' },
          ],
        }),
      ],
    }),
    'dos volúmenes con el mismo nombre': badPod({
      volumes: [
        { name: 'v', emptyDir: {} },
        { name: 'v', emptyDir: {} },
      ],
    }),
    'un volumen con dos orígenes': badPod({ volumes: [{ name: 'v', emptyDir: {}, configMap: { name: 'x' } }] }),
    'peticiones sobre el límite': badContainer({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
    'una cantidad negativa': badContainer({ resources: { requests: { cpu: '-1' } } }),
    'un recurso inventado': badContainer({ resources: { requests: { nada: '1' } } }),
    'una sonda sin nada que mirar': badContainer({ livenessProbe: { periodSeconds: 1 } }),
    'una sonda con dos cosas que mirar': badContainer({
      livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 80 } },
    }),
    'un periodo negativo': badContainer({ livenessProbe: { exec: { command: ['a'] }, periodSeconds: -1 } }),
    'successThreshold de liveness': badContainer({ livenessProbe: { exec: { command: ['a'] }, successThreshold: 2 } }),
    'una sonda en un puerto malo': badContainer({ readinessProbe: { httpGet: { port: 0 } } }),
    'un init con sonda': badPod({
      initContainers: [container({ name: 'i', readinessProbe: { exec: { command: ['a'] } } })],
    }),
    'un nodeSelector malo': badPod({ nodeSelector: { a: 'b c' } }),
    'una tolerancia mala': badPod({ tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] }),
    'un efecto de tolerancia inventado': badPod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'Nada' }] }),
    'una afinidad con peso malo': badPod({
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 200, podAffinityTerm: { topologyKey: 'a' } }],
        },
      },
    }),
    'una afinidad sin topologyKey': badPod({
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: selector, topologyKey: '' }],
        },
      },
    }),
    'una gracia negativa': badPod({ terminationGracePeriodSeconds: -5, nodeSelector: { nada: 'hay' } }),
    'un hostname malo': badPod({ hostname: 'Malo_' }),
    'contenedores efímeros al crear': badPod({ ephemeralContainers: [{ name: 'e', image: 'busybox' }] }),
    'privilegiado sin escalar': badContainer({
      securityContext: { privileged: true, allowPrivilegeEscalation: false },
    }),
    'runAsUser negativo': badPod({ securityContext: { runAsUser: -1 } }),
    'un plazo activo de cero': badPod({ activeDeadlineSeconds: 0 }),
    'varios fallos a la vez': badPod({ restartPolicy: 'x', containers: [container({ name: '', image: '' })] }),
  }),
  situation('cargas-malas', 'validacion', {
    'sin selector': badDeployment({ selector: undefined }),
    'selector vacío': badDeployment({ selector: {} }),
    'el selector no casa': badDeployment({ selector: { matchLabels: { app: 'otro' } } }),
    'un operador inventado en el selector': badDeployment({
      selector: { matchExpressions: [{ key: 'app', operator: 'Nada' }] },
    }),
    'réplicas negativas': badDeployment({ replicas: -1 }),
    'sin plantilla': badDeployment({ template: undefined }),
    'restartPolicy Never': badDeployment({ template: template('x', { restartPolicy: 'Never' }) }),
    'una estrategia inventada': badDeployment({ strategy: { type: 'Nada' } }),
    'Recreate con rollingUpdate': badDeployment({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
    'maxSurge y maxUnavailable cero': badDeployment({
      strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
    }),
    'un porcentaje malo': badDeployment({ strategy: { rollingUpdate: { maxSurge: 'x%' } } }),
    'un plazo más corto que minReadySeconds': badDeployment({ minReadySeconds: 10, progressDeadlineSeconds: 5 }),
    'revisionHistoryLimit negativo': badDeployment({ revisionHistoryLimit: -1 }),
    'un pod malo dentro': badDeployment({ template: template('x', { containers: [container({ name: 'Malo_' })] }) }),
    'un ReplicaSet que no casa': post(
      group('apps/v1', 'replicasets'),
      object('apps/v1', 'ReplicaSet', { spec: { selector, template: template('y') } }),
    ),
    'un StatefulSet con política inventada': post(
      group('apps/v1', 'statefulsets'),
      object('apps/v1', 'StatefulSet', { spec: { selector, template: template('x'), podManagementPolicy: 'Nada' } }),
    ),
    'un DaemonSet sin selector': post(
      group('apps/v1', 'daemonsets'),
      object('apps/v1', 'DaemonSet', { spec: { template: template('x') } }),
    ),
    'un Job que se reinicia siempre': post(
      group('batch/v1', 'jobs'),
      object('batch/v1', 'Job', { spec: { template: template('x') } }),
    ),
    'un Job con paralelismo negativo': post(
      group('batch/v1', 'jobs'),
      object('batch/v1', 'Job', { spec: { parallelism: -1, template: template('x', { restartPolicy: 'Never' }) } }),
    ),
    'un Job indexado sin completions': post(
      group('batch/v1', 'jobs'),
      object('batch/v1', 'Job', {
        spec: { completionMode: 'Indexed', template: template('x', { restartPolicy: 'Never' }) },
      }),
    ),
    'un CronJob con mal horario': post(
      group('batch/v1', 'cronjobs'),
      object('batch/v1', 'CronJob', {
        spec: { schedule: 'cada día', jobTemplate: { spec: { template: template('x', { restartPolicy: 'Never' }) } } },
      }),
    ),
    'un CronJob con zona inventada': post(
      group('batch/v1', 'cronjobs'),
      object('batch/v1', 'CronJob', {
        spec: {
          schedule: '* * * * *',
          timeZone: 'Nada/Aqui',
          jobTemplate: { spec: { template: template('x', { restartPolicy: 'Never' }) } },
        },
      }),
    ),
    'un CronJob de nombre largo': post(group('batch/v1', 'cronjobs'), {
      ...object('batch/v1', 'CronJob', {
        spec: { schedule: '* * * * *', jobTemplate: { spec: { template: template('x', { restartPolicy: 'Never' }) } } },
      }),
      metadata: { name: 'x'.repeat(53) },
    }),
    'un HPA con máximo cero': post(
      group('autoscaling/v2', 'horizontalpodautoscalers'),
      object('autoscaling/v2', 'HorizontalPodAutoscaler', {
        spec: { maxReplicas: 0, scaleTargetRef: { kind: 'Deployment', name: 'x' } },
      }),
    ),
    'un HPA con mínimo sobre el máximo': post(
      group('autoscaling/v2', 'horizontalpodautoscalers'),
      object('autoscaling/v2', 'HorizontalPodAutoscaler', {
        spec: { minReplicas: 5, maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'x' } },
      }),
    ),
    'un PDB con las dos cosas': post(
      group('policy/v1', 'poddisruptionbudgets'),
      object('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1, maxUnavailable: 1, selector } }),
    ),
    'un PDB con porcentaje malo': post(
      group('policy/v1', 'poddisruptionbudgets'),
      object('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: '200%', selector } }),
    ),
  }),
  situation('redes-malas', 'validacion', {
    'un Service sin puertos': badService({ ports: [] }),
    'un Service sin puertos ni IP vale': http(`POST ${core('services')}?dryRun=All`, {
      body: service('x', { ports: [], clusterIP: 'None' }),
      only: ['spec.clusterIP', 'message'],
    }),
    'un puerto fuera de rango': badService({ ports: [{ port: 70000 }] }),
    'dos puertos sin nombre': badService({ ports: [{ port: 80 }, { port: 81 }] }),
    'dos puertos iguales': badService({
      ports: [
        { port: 80, name: 'a' },
        { port: 80, name: 'b' },
      ],
    }),
    'dos puertos con el mismo nombre': badService({
      ports: [
        { port: 80, name: 'a' },
        { port: 81, name: 'a' },
      ],
    }),
    'un nombre de puerto malo': badService({ ports: [{ port: 80, name: 'A_' }] }),
    'un protocolo inventado': badService({ ports: [{ port: 80, protocol: 'HTTP' }] }),
    'un targetPort malo': badService({ ports: [{ port: 80, targetPort: 0 }] }),
    'un targetPort de nombre malo': badService({ ports: [{ port: 80, targetPort: 'un-nombre-muy-largo' }] }),
    'un tipo inventado': badService({ type: 'Nada' }),
    'una IP mala': badService({ clusterIP: '1.2.3' }),
    'una IP de fuera': badService({ clusterIP: '8.8.8.8' }),
    'ExternalName sin nombre': badService({ type: 'ExternalName' }),
    'ExternalName malo': badService({ type: 'ExternalName', externalName: 'a b' }),
    'NodePort fuera de rango': badService({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
    'nodePort en un ClusterIP': badService({ ports: [{ port: 80, nodePort: 30080 }] }),
    'externalTrafficPolicy en ClusterIP': badService({ externalTrafficPolicy: 'Local' }),
    'externalTrafficPolicy inventada': badService({ type: 'NodePort', externalTrafficPolicy: 'Nada' }),
    'sessionAffinity inventada': badService({ sessionAffinity: 'Nada' }),
    'sin IP y NodePort': badService({ type: 'NodePort', clusterIP: 'None' }),
    'loadBalancerClass en ClusterIP': badService({ loadBalancerClass: 'a/b' }),
    'un selector malo': badService({ selector: { a: 'b c' } }),
    'un Ingress sin nada': post(
      group('networking.k8s.io/v1', 'ingresses'),
      object('networking.k8s.io/v1', 'Ingress', { spec: {} }),
    ),
    'un Ingress sin pathType': post(
      group('networking.k8s.io/v1', 'ingresses'),
      object('networking.k8s.io/v1', 'Ingress', {
        spec: {
          rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'x', port: { number: 80 } } } }] } }],
        },
      }),
    ),
    'un Ingress con ruta relativa': post(
      group('networking.k8s.io/v1', 'ingresses'),
      object('networking.k8s.io/v1', 'Ingress', {
        spec: {
          rules: [
            {
              http: {
                paths: [{ path: 'a', pathType: 'Exact', backend: { service: { name: 'x', port: { number: 80 } } } }],
              },
            },
          ],
        },
      }),
    ),
    'un Ingress con IP de host': post(
      group('networking.k8s.io/v1', 'ingresses'),
      object('networking.k8s.io/v1', 'Ingress', {
        spec: { rules: [{ host: '1.2.3.4' }], defaultBackend: { service: { name: 'x', port: { number: 80 } } } },
      }),
    ),
    'una NetworkPolicy con puerto malo': post(
      group('networking.k8s.io/v1', 'networkpolicies'),
      object('networking.k8s.io/v1', 'NetworkPolicy', {
        spec: { podSelector: {}, ingress: [{ ports: [{ port: 70000 }] }] },
      }),
    ),
    'una NetworkPolicy con CIDR malo': post(
      group('networking.k8s.io/v1', 'networkpolicies'),
      object('networking.k8s.io/v1', 'NetworkPolicy', {
        spec: { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: '1.2.3.4' } }] }] },
      }),
    ),
    'una NetworkPolicy de tipo inventado': post(
      group('networking.k8s.io/v1', 'networkpolicies'),
      object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, policyTypes: ['Nada'] } }),
    ),
    'un EndpointSlice con IP mala': post(
      group('discovery.k8s.io/v1', 'endpointslices'),
      object('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [{ addresses: ['a'] }] }),
    ),
    'un EndpointSlice de tipo inventado': post(
      group('discovery.k8s.io/v1', 'endpointslices'),
      object('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'Nada', endpoints: [] }),
    ),
    'unos Endpoints con IP mala': post(
      core('endpoints'),
      object('v1', 'Endpoints', { subsets: [{ addresses: [{ ip: 'a' }], ports: [{ port: 80 }] }] }),
    ),
    'unos Endpoints de loopback': post(
      core('endpoints'),
      object('v1', 'Endpoints', { subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ port: 80 }] }] }),
    ),
  }),
  situation('otros-malos', 'validacion', {
    'un Role sin verbos': post(
      group('rbac.authorization.k8s.io/v1', 'roles'),
      object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ apiGroups: [''], resources: ['pods'] }] }),
    ),
    'un Role con direcciones': post(
      group('rbac.authorization.k8s.io/v1', 'roles'),
      object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] }),
    ),
    'un RoleBinding sin roleRef': post(
      group('rbac.authorization.k8s.io/v1', 'rolebindings'),
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', { subjects: [] }),
    ),
    'un RoleBinding con sujeto inventado': post(
      group('rbac.authorization.k8s.io/v1', 'rolebindings'),
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'x' },
        subjects: [{ kind: 'Nada', name: 'x' }],
      }),
    ),
    'una cuota con un recurso malo': post(
      core('resourcequotas'),
      object('v1', 'ResourceQuota', { spec: { hard: { 'nada mal': '1' } } }),
    ),
    'una cuota negativa': post(
      core('resourcequotas'),
      object('v1', 'ResourceQuota', { spec: { hard: { pods: '-1' } } }),
    ),
    'un LimitRange con mínimo sobre el máximo': post(
      core('limitranges'),
      object('v1', 'LimitRange', { spec: { limits: [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }] } }),
    ),
    'un PVC sin modos': post(
      core('persistentvolumeclaims'),
      object('v1', 'PersistentVolumeClaim', { spec: { resources: { requests: { storage: '1Gi' } } } }),
    ),
    'un PVC sin tamaño': post(
      core('persistentvolumeclaims'),
      object('v1', 'PersistentVolumeClaim', { spec: { accessModes: ['ReadWriteOnce'] } }),
    ),
    'un PVC de tamaño cero': post(
      core('persistentvolumeclaims'),
      object('v1', 'PersistentVolumeClaim', {
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '0' } } },
      }),
    ),
    'un PriorityClass reservado': post('/apis/scheduling.k8s.io/v1/priorityclasses', {
      ...object('scheduling.k8s.io/v1', 'PriorityClass', { value: 2_000_000_001 }),
      metadata: { name: 'kf-alto' },
    }),
    'un StorageClass sin provisioner': post('/apis/storage.k8s.io/v1/storageclasses', {
      ...object('storage.k8s.io/v1', 'StorageClass', {}),
      metadata: { name: 'kf-nada' },
    }),
    'un Lease negativo': post(
      group('coordination.k8s.io/v1', 'leases'),
      object('coordination.k8s.io/v1', 'Lease', { spec: { leaseDurationSeconds: -1 } }),
    ),
    'un suceso de otro espacio': post(
      core('events'),
      object('v1', 'Event', { involvedObject: { kind: 'Pod', name: 'x', namespace: 'default' }, reason: 'x' }),
    ),
    'un webhook sin sideEffects': post('/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
      ...object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', {
        webhooks: [{ name: 'x.example.com', clientConfig: { url: 'https://x' }, admissionReviewVersions: ['v1'] }],
      }),
      metadata: { name: 'kf-malo' },
    }),
    'un webhook de nombre corto': post('/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
      ...object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', {
        webhooks: [
          { name: 'x', clientConfig: { url: 'https://x' }, sideEffects: 'None', admissionReviewVersions: ['v1'] },
        ],
      }),
      metadata: { name: 'kf-malo' },
    }),
    'un nodo con mal nombre': post('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'Malo_' } }),
  }),
  situation(
    'inmutables',
    'validacion',
    {
      'el selector de un Deployment': change(group('apps/v1', 'deployments/web'), {
        spec: { selector: { matchLabels: { app: 'z' } }, template: { metadata: { labels: { app: 'z' } } } },
      }),
      'la imagen de un pod sí': http(`PATCH ${core('pods/uno')}`, {
        body: { spec: { containers: [{ name: 'c', image: 'busybox:latest' }] } },
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
        only: ['spec.containers.image', 'message'],
      }),
      'el nodeSelector de un pod no': http(`PATCH ${core('pods/uno')}`, {
        body: { spec: { nodeSelector: { a: 'b' } } },
        headers: merge,
        only: ['code', 'reason', 'details.causes.field', 'details.causes.reason'],
      }),
      'la orden de un pod no': http(`PATCH ${core('pods/uno')}`, {
        body: { spec: { containers: [{ name: 'c', command: ['otra'] }] } },
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
        only: ['code', 'reason', 'details.causes.field', 'details.causes.reason'],
      }),
      'añadir un contenedor a un pod no': http(`PATCH ${core('pods/uno')}`, {
        body: { spec: { containers: [{ name: 'd', image: 'x' }] } },
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
        only: ['code', 'reason', 'details'],
      }),
      'la IP de un Service': change(core('services/web'), {
        spec: { clusterIP: '10.96.77.77', clusterIPs: ['10.96.77.77'] },
      }),
      'el tipo de un Service sí': http(`PATCH ${core('services/web')}`, {
        body: { spec: { type: 'NodePort' } },
        headers: merge,
        only: ['spec.type', 'spec.externalTrafficPolicy', 'message'],
      }),
      'y vuelta': http(`PATCH ${core('services/web')}`, {
        body: { spec: { type: 'ClusterIP' } },
        headers: merge,
        only: ['spec', 'message'],
      }),
      'la plantilla de un Job': http(`PATCH ${group('batch/v1', 'jobs/x')}`, {
        body: { spec: { template: { spec: { containers: [{ name: 'c', image: 'otra:1' }] } } } },
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
        only: ['code', 'reason', 'details.causes.field', 'details.causes.reason'],
      }),
      'el tipo de un Secret': change(core('secrets/s'), { type: 'otro' }),
      'el roleRef de un RoleBinding': change(group('rbac.authorization.k8s.io/v1', 'rolebindings/r'), {
        roleRef: { name: 'otro' },
      }),
      'el serviceName de un StatefulSet': change(group('apps/v1', 'statefulsets/s'), { spec: { serviceName: 'otro' } }),
      'el addressType de un EndpointSlice': change(group('discovery.k8s.io/v1', 'endpointslices/e'), {
        addressType: 'IPv6',
      }),
      'el tamaño de un PVC que no está unido': http(`PATCH ${core('persistentvolumeclaims/p')}`, {
        body: { spec: { resources: { requests: { storage: '2Gi' } } } },
        headers: merge,
        only: ['code', 'reason', 'details.causes.field', 'details.causes.reason', 'spec.resources'],
      }),
      'el valor de un PriorityClass': change('/apis/scheduling.k8s.io/v1/priorityclasses/kf-inmutable', { value: 8 }),
      'el provisioner de un StorageClass': change('/apis/storage.k8s.io/v1/storageclasses/kf-inmutable', {
        provisioner: 'otro/x',
      }),
      'el nombre de un objeto': change(core('services/web'), { metadata: { name: 'otro' } }),
      'el espacio de nombres de un objeto': change(core('services/web'), { metadata: { namespace: 'default' } }),
      'el creationTimestamp se ignora': http(`PATCH ${core('services/web')}`, {
        body: { metadata: { creationTimestamp: '2001-01-01T00:00:00Z' } },
        headers: merge,
        only: ['kind', 'code'],
      }),
    },
    {
      setup: [
        apply(
          deployment('web', { replicas: 0 }),
          pod('uno', { nodeSelector: { nada: 'hay' } }),
          service('web'),
          object('batch/v1', 'Job', {
            spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [container()] } } },
          }),
          { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } },
          {
            apiVersion: 'rbac.authorization.k8s.io/v1',
            kind: 'RoleBinding',
            metadata: { name: 'r' },
            roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'x' },
          },
          {
            apiVersion: 'apps/v1',
            kind: 'StatefulSet',
            metadata: { name: 's' },
            spec: { replicas: 0, serviceName: 's', selector: { matchLabels: { app: 's' } }, template: template('s') },
          },
          {
            apiVersion: 'discovery.k8s.io/v1',
            kind: 'EndpointSlice',
            metadata: { name: 'e' },
            addressType: 'IPv4',
            endpoints: [],
          },
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: { name: 'p' },
            spec: {
              storageClassName: 'kf-nada',
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '1Gi' } },
            },
          },
          { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'kf-inmutable' }, value: 7 },
          {
            apiVersion: 'storage.k8s.io/v1',
            kind: 'StorageClass',
            metadata: { name: 'kf-inmutable' },
            provisioner: 'example.com/x',
          },
        ),
      ],
      cleanup: ['priorityclass kf-inmutable', 'storageclass kf-inmutable'],
    },
  ),
];
