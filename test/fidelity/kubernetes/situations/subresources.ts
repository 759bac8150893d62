// status, scale, eviction, binding, token, log, exec, attach, port-forward, proxy, ephemeral containers.
import { apply, client, http, kubectl, type Situation, situation } from '../behaviour.ts';
import { container, deployment, pod, service } from '../objects.ts';

const merge = { 'content-type': 'application/merge-patch+json' };
const web = '/apis/apps/v1/namespaces/{ns}/deployments/web';
const one = '/api/v1/namespaces/{ns}/pods/uno';

export const subresources: Situation[] = [
  situation(
    'status-scale',
    'subrecursos',
    {
      'leer status': http(`GET ${web}/status`, { only: ['kind', 'metadata.name', 'spec.replicas'] }),
      'escribir status no cambia spec': http(`PATCH ${one}/status`, {
        body: { spec: { nodeName: 'x' }, status: { message: 'hola' } },
        headers: merge,
        only: ['spec.nodeName', 'status.message'],
      }),
      'escribir el objeto no cambia status': http(`PATCH ${one}`, {
        body: { metadata: { labels: { a: 'b' } }, status: { message: 'adiós' } },
        headers: merge,
        only: ['metadata.labels', 'status.message'],
      }),
      'status de un ConfigMap no hay': http('GET /api/v1/namespaces/{ns}/configmaps/kube-root-ca.crt/status'),
      'status por POST': http(`POST ${web}/status`, { body: {} }),
      'leer scale': http(`GET ${web}/scale`),
      'escribir scale': http(`PATCH ${web}/scale`, { body: { spec: { replicas: 0 } }, headers: merge }),
      'escribir scale entero': http(`PUT ${web}/scale`, {
        body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas: 0 } },
        only: ['spec', 'kind', 'message'],
      }),
      'scale negativo': http(`PATCH ${web}/scale`, { body: { spec: { replicas: -1 } }, headers: merge }),
      'scale de lo que no hay': http('GET /apis/apps/v1/namespaces/{ns}/deployments/nada/scale'),
      'scale de un Pod': http(`GET ${one}/scale`),
      'un subrecurso inventado': http(`GET ${one}/nada`),
      'kubectl get --subresource=status': kubectl(
        'get deployment web -n {ns} --subresource=status -o jsonpath={.kind}',
      ),
      'kubectl patch --subresource=scale': kubectl(
        `patch deployment web -n {ns} --subresource=scale --type=merge -p '{"spec":{"replicas":0}}'`,
      ),
      'kubectl scale': kubectl('scale deployment web -n {ns} --replicas=0'),
      'kubectl scale que no casa': kubectl('scale deployment web -n {ns} --current-replicas=9 --replicas=1'),
      'kubectl scale de lo que no hay': kubectl('scale deployment nada -n {ns} --replicas=1'),
      'kubectl scale de un Service': kubectl('scale service web -n {ns} --replicas=1'),
      'kubectl scale negativo': kubectl('scale deployment web -n {ns} --replicas=-1'),
      'atar un pod a un nodo que no hay': http(`POST ${one}/binding`, {
        body: { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'uno' }, target: { kind: 'Node' } },
      }),
      'un contenedor efímero': http(`PATCH ${one}/ephemeralcontainers`, {
        body: { spec: { ephemeralContainers: [{ name: 'e', image: 'busybox:1.35' }] } },
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
        only: ['spec.ephemeralContainers', 'message'],
      }),
      'y no se puede cambiar': http(`PATCH ${one}/ephemeralcontainers`, {
        body: { spec: { ephemeralContainers: [{ name: 'e', image: 'otra:1' }] } },
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
        only: ['code', 'reason', 'details.causes.field', 'details.causes.reason'],
      }),
      leerlos: http(`GET ${one}/ephemeralcontainers`, {
        only: ['kind', 'metadata.name', 'spec.ephemeralContainers.name'],
      }),
    },
    {
      setup: [apply(deployment('web', { replicas: 0 }), service('web'), pod('uno', { nodeSelector: { nada: 'hay' } }))],
    },
  ),
  situation(
    'pods-vivos',
    'subrecursos',
    {
      logs: kubectl('logs uno -n {ns}'),
      'logs --tail': kubectl('logs uno -n {ns} --tail=1'),
      'logs --tail=0': kubectl('logs uno -n {ns} --tail=0'),
      'logs --limit-bytes': kubectl('logs uno -n {ns} --limit-bytes=5'),
      'logs --timestamps': kubectl('logs uno -n {ns} --timestamps --tail=1'),
      'logs de otro contenedor': kubectl('logs uno -n {ns} -c nada'),
      'logs de dos contenedores': kubectl('logs dos -n {ns}'),
      'logs --all-containers': kubectl('logs dos -n {ns} --all-containers --prefix'),
      'logs --previous': kubectl('logs uno -n {ns} --previous'),
      'logs de un pod que no hay': kubectl('logs nada -n {ns}'),
      'logs de un Deployment': kubectl('logs deployment/web -n {ns} --tail=1'),
      'logs por etiqueta': kubectl('logs -l app=web -n {ns} --tail=1'),
      'logs de uno que no ha empezado': kubectl('logs espera -n {ns}'),
      'log sin decir contenedor': http('GET /api/v1/namespaces/{ns}/pods/dos/log'),
      'log con tail malo': http(`GET ${one}/log?tailLines=x`),
      'log con tail negativo': http(`GET ${one}/log?tailLines=-1`),
      'log con sinceSeconds cero': http(`GET ${one}/log?sinceSeconds=0`),
      'log con sinceTime malo': http(`GET ${one}/log?sinceTime=ayer`),
      'log con las dos cosas': http(`GET ${one}/log?sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z`),
      'log de un contenedor que no hay': http(`GET ${one}/log?container=nada`),
      exec: kubectl('exec uno -n {ns} -- echo hola'),
      'exec con código': kubectl(`exec uno -n {ns} -- sh -c 'exit 7'`),
      'exec a stderr': kubectl(`exec uno -n {ns} -- sh -c 'echo mal >&2'`),
      'exec con entrada': kubectl('exec -i uno -n {ns} -- cat', { input: 'hola desde fuera\n' }),
      'exec de lo que no hay': kubectl('exec uno -n {ns} -- nada-de-nada', { lines: /exit code|not found/ }),
      'exec en otro contenedor': kubectl('exec uno -n {ns} -c nada -- true'),
      'exec sin decir cuál': kubectl('exec dos -n {ns} -- echo hola'),
      'exec en un pod que no hay': kubectl('exec nada -n {ns} -- true'),
      'exec en uno que no ha empezado': kubectl('exec espera -n {ns} -- true'),
      'exec sin orden': kubectl('exec uno -n {ns}'),
      'exec en un Deployment': kubectl('exec deployment/web -n {ns} -- echo hola'),
      'exec por HTTP sin más': http(`GET ${one}/exec?command=true&stdout=true`),
      'exec por HTTP sin orden': http(`POST ${one}/exec?stdout=true`),
      'exec por HTTP sin nada que leer': http(`POST ${one}/exec?command=true`),
      'cp de dentro afuera y vuelta': kubectl('cp {ns}/uno:/etc/hostname /dev/null'),
      'proxy a un pod que no hay': http('GET /api/v1/namespaces/{ns}/pods/nada/proxy/'),
      'proxy a un Service que no hay': http('GET /api/v1/namespaces/{ns}/services/nada/proxy/'),
      'proxy a un Service sin extremos': http('GET /api/v1/namespaces/{ns}/services/vacio/proxy/'),
      'proxy a un puerto que no hay': http('GET /api/v1/namespaces/{ns}/services/web:nada/proxy/'),
      'proxy sin barra': http('GET /api/v1/namespaces/{ns}/services/nada/proxy', { firstLine: true }),
      'port-forward a lo que no hay': kubectl('port-forward pod/nada -n {ns} :80'),
      'port-forward a un puerto que el Service no tiene': kubectl('port-forward svc/web -n {ns} :99'),
      'attach a lo que no hay': kubectl('attach nada -n {ns}'),
      'debug de lo que no hay': kubectl('debug nada -n {ns} --image=busybox:1.35'),
      'eviction de lo que no hay': http('POST /api/v1/namespaces/{ns}/pods/nada/eviction', {
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'nada' } },
      }),
      'eviction que el presupuesto no deja': http('POST /api/v1/namespaces/{ns}/pods/uno/eviction', {
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'uno' } },
      }),
      'eviction de prueba': http('POST /api/v1/namespaces/{ns}/pods/dos/eviction', {
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: 'dos' },
          deleteOptions: { dryRun: ['All'] },
        },
      }),
      eviction: http('POST /api/v1/namespaces/{ns}/pods/dos/eviction', {
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'dos' } },
      }),
    },
    {
      setup: [
        apply(
          pod('uno', {}, { labels: { app: 'uno' } }),
          pod('dos', { containers: [container({ name: 'a' }), container({ name: 'b' })] }),
          pod('espera', { nodeSelector: { nada: 'hay' } }),
          deployment('web'),
          service('web'),
          service('vacio'),
          {
            apiVersion: 'policy/v1',
            kind: 'PodDisruptionBudget',
            metadata: { name: 'p' },
            spec: { minAvailable: 1, selector: { matchLabels: { app: 'uno' } } },
          },
        ),
        kubectl('wait -n {ns} --for=condition=Ready pod/uno pod/dos --timeout=60s'),
        kubectl('rollout status -n {ns} deployment/web --timeout=60s'),
        kubectl('wait -n {ns} --for=jsonpath={.status.expectedPods}=1 pdb/p --timeout=60s'),
        kubectl('wait -n {ns} --for=jsonpath={.status.currentHealthy}=1 pdb/p --timeout=60s'),
      ],
      slow: true,
    },
  ),
  situation('tokens', 'subrecursos', {
    'create token': kubectl('create token default -n {ns}'),
    'create token de una cuenta que no hay': kubectl('create token nada -n {ns}'),
    'create token de un minuto': kubectl('create token default -n {ns} --duration=1m'),
    TokenRequest: http('POST /api/v1/namespaces/{ns}/serviceaccounts/default/token', {
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } },
      only: ['kind', 'spec', 'metadata.name', 'message'],
    }),
    'TokenRequest de segundos de menos': http('POST /api/v1/namespaces/{ns}/serviceaccounts/default/token', {
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 1 } },
    }),
    'quién es el token': client(async ({ core, authentication }, namespace) => {
      const body = { spec: { audiences: [] as string[], expirationSeconds: 3600 } };
      const made = await core.createNamespacedServiceAccountToken({ name: 'default', namespace, body });
      const review = await authentication.createTokenReview({ body: { spec: { token: made.status?.token ?? '' } } });
      const { authenticated, user, audiences } = review.status ?? {};
      return { authenticated, username: user?.username, groups: user?.groups, audiences };
    }),
    'un token inventado': client(async ({ authentication }) => {
      const review = await authentication.createTokenReview({ body: { spec: { token: 'nada' } } });
      return { authenticated: review.status?.authenticated ?? null, user: review.status?.user };
    }),
  }),
];
