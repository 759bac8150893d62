// What enters and leaves the mesh, and TCP: istio.io/latest/docs/tasks/traffic-management/.
import type { Task, TaskStep } from './task.ts';

const wait = (run: string, ...expect: string[]): TaskStep => ({ run, expect, within: 20 });
const curlPod = '$(kubectl get pod -l app=curl -o jsonpath={.items..metadata.name})';
const inCurl = (command: string, ns = 'default') =>
  `kubectl exec -n ${ns} $(kubectl get pod -n ${ns} -l app=curl -o jsonpath={.items..metadata.name}) -c curl -- ${command}`;

const tcp = 'kubectl apply -n fid-tcp -f samples/tcp-echo';
/** The page gives the address from outside; a pod reaches the same port by the gateway's Service. */
const twentyConnections =
  '(for i in $(seq 1 20); do ' +
  inCurl('sh -c "(date; sleep 1) | nc istio-ingressgateway.istio-system $TCP_INGRESS_PORT"', 'fid-tcp') +
  ' & done; wait)';

const certificates = [
  'mkdir -p $CERTS',
  "openssl req -x509 -sha256 -nodes -days 365 -newkey rsa:2048 -subj '/O=example Inc./CN=example.com' -keyout $CERTS/example.com.key -out $CERTS/example.com.crt 2>/dev/null",
  'for name in httpbin client; do openssl req -out $CERTS/$name.csr -newkey rsa:2048 -nodes -keyout $CERTS/$name.key -subj "/CN=$name.example.com/O=$name organization" 2>/dev/null',
  'openssl x509 -req -sha256 -days 365 -CA $CERTS/example.com.crt -CAkey $CERTS/example.com.key -set_serial 1 -in $CERTS/$name.csr -out $CERTS/$name.crt 2>/dev/null; done',
  'ls $CERTS',
].join('\n');

const secureGateway = (mode: string) => `kubectl apply -f - <<EOF
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: mygateway
spec:
  selector:
    istio: ingressgateway # use istio default ingress gateway
  servers:
  - port:
      number: 443
      name: https
      protocol: HTTPS
    tls:
      mode: ${mode}
      credentialName: httpbin-credential # must be the same as secret
    hosts:
    - httpbin.example.com
EOF`;

const secureRoutes = `kubectl apply -f - <<EOF
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: httpbin
spec:
  hosts:
  - "httpbin.example.com"
  gateways:
  - mygateway
  http:
  - match:
    - uri:
        prefix: /status
    - uri:
        prefix: /delay
    route:
    - destination:
        port:
          number: 8000
        host: httpbin
EOF`;

const teapot = (args = '') =>
  `curl -v -HHost:httpbin.example.com --resolve "httpbin.example.com:$SECURE_INGRESS_PORT:$INGRESS_HOST" --cacert $CERTS/example.com.crt ${args} "https://httpbin.example.com:$SECURE_INGRESS_PORT/status/418"; echo " exit $?"`;

const outside = 'export OUTSIDE=$(kubectl get pod -n legacy -l app=httpbin -o jsonpath={.items[0].status.podIP})';
const serviceEntry = `kubectl apply -f - <<EOF
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: httpbin-ext
spec:
  hosts:
  - httpbin.org
  ports:
  - number: 8080
    name: http
    protocol: HTTP
  resolution: STATIC
  endpoints:
  - address: $OUTSIDE
  location: MESH_EXTERNAL
EOF`;
const registryOnly = `kubectl apply -f - <<EOF
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default
spec:
  outboundTrafficPolicy:
    mode: REGISTRY_ONLY
EOF`;
const shortTimeout = `kubectl apply -f - <<EOF
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: httpbin-ext
spec:
  hosts:
  - httpbin.org
  http:
  - timeout: 3s
    route:
    - destination:
        host: httpbin.org
      weight: 100
EOF`;

const mirrorRules = (mirror: string) => `kubectl apply -n fid-mirror -f - <<EOF
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: httpbin
spec:
  hosts:
    - httpbin
  http:
  - route:
    - destination:
        host: httpbin
        subset: v1
      weight: 100${mirror}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: httpbin
spec:
  host: httpbin
  subsets:
  - name: v1
    labels:
      version: v1
  - name: v2
    labels:
      version: v2
EOF`;
const mirror = `
    mirror:
      host: httpbin
      subset: v2
    mirrorPercentage:
      value: 100.0`;

const httpbinVersions = `for v in v1 v2; do istioctl kube-inject -f - <<EOF | kubectl apply -n fid-mirror -f -
apiVersion: apps/v1
kind: Deployment
metadata:
  name: httpbin-$v
spec:
  replicas: 1
  selector:
    matchLabels:
      app: httpbin
      version: $v
  template:
    metadata:
      labels:
        app: httpbin
        version: $v
    spec:
      containers:
      - image: docker.io/mccutchen/go-httpbin:v2.15.0
        imagePullPolicy: IfNotPresent
        name: httpbin
        ports:
        - containerPort: 8080
EOF
done
kubectl create -n fid-mirror -f - <<EOF
apiVersion: v1
kind: Service
metadata:
  name: httpbin
  labels:
    app: httpbin
spec:
  ports:
  - name: http
    port: 8000
    targetPort: 8080
  selector:
    app: httpbin
EOF
istioctl kube-inject -f samples/curl/curl.yaml | kubectl apply -n fid-mirror -f -
kubectl wait --for=condition=Available deployment --all -n fid-mirror --timeout=90s`;
const mirrorLog = (version: string) =>
  `kubectl logs -n fid-mirror -l app=httpbin,version=${version} -c istio-proxy --tail=20`;

export const edgeTasks: Task[] = [
  {
    id: 'tcp-traffic-shifting',
    title: 'Mover tráfico TCP',
    page: 'traffic-management/tcp-traffic-shifting',
    prelude:
      'export TCP_INGRESS_PORT=$(kubectl -n istio-system get service istio-ingressgateway -o jsonpath=\'{.spec.ports[?(@.name=="tcp")].port}\')',
    steps: [
      {
        run: 'kubectl create namespace fid-tcp; kubectl label namespace fid-tcp istio-injection=enabled',
        expect: ['namespace/fid-tcp created'],
      },
      { run: 'kubectl apply -f samples/curl/curl.yaml -n fid-tcp', expect: ['deployment.apps/curl created'] },
      {
        run: `${tcp}/tcp-echo-services.yaml; kubectl wait --for=condition=Available deployment --all -n fid-tcp --timeout=90s`,
        expect: ['deployment.apps/tcp-echo-v1 created', 'deployment.apps/tcp-echo-v2 created'],
      },
      {
        run: `${tcp}/tcp-echo-all-v1.yaml`,
        expect: [
          'gateway.networking.istio.io/tcp-echo-gateway created',
          'virtualservice.networking.istio.io/tcp-echo created',
        ],
      },
      {
        run: 'echo $TCP_INGRESS_PORT',
        expect: ['^31400$'],
      },
      wait(`${twentyConnections} | cut -d " " -f 1 | sort | uniq -c`, '^ +20 one$'),
      { run: `${tcp}/tcp-echo-20-v2.yaml`, expect: ['virtualservice.networking.istio.io/tcp-echo configured'] },
      {
        run: 'kubectl get virtualservice tcp-echo -o yaml -n fid-tcp',
        expect: ['weight: 80', 'weight: 20', 'subset: v2'],
      },
      // "about 20 % of the timestamps have a prefix of two": of 20, none in one run of 87.
      wait(`${twentyConnections} | cut -d " " -f 1 | sort | uniq -c`, '^ +1?[0-9] one$', '^ +[1-9] two$'),
    ],
    cleanup: [
      'kubectl delete --ignore-not-found -n fid-tcp -f samples/tcp-echo/tcp-echo-all-v1.yaml',
      'kubectl delete --ignore-not-found ns fid-tcp',
    ],
  },
  {
    id: 'mirroring-httpbin',
    title: 'Copiar tráfico (con httpbin)',
    page: 'traffic-management/mirroring',
    steps: [
      {
        run: `kubectl create ns fid-mirror; ${httpbinVersions}`,
        expect: ['deployment.apps/httpbin-v1 created', 'deployment.apps/httpbin-v2 created'],
      },
      {
        run: mirrorRules(''),
        expect: [
          'virtualservice.networking.istio.io/httpbin created',
          'destinationrule.networking.istio.io/httpbin created',
        ],
      },
      wait(
        `${inCurl('curl -sS http://httpbin:8000/headers?fid-v1', 'fid-mirror')}; sleep 2; ${mirrorLog('v1')}; echo v2:; ${mirrorLog('v2')}`,
        '"X-Forwarded-Client-Cert": \\[',
        'GET /headers\\?fid-v1 HTTP/1.1" 200(?!.*v2:)',
      ),
      { run: `${mirrorLog('v2')} | grep -c fid-v1`, expect: ['^0$'] },
      { run: mirrorRules(mirror), expect: ['virtualservice.networking.istio.io/httpbin configured'] },
      wait(
        `${inCurl('curl -sS http://httpbin:8000/headers?fid-both', 'fid-mirror')} >/dev/null; sleep 2; echo v1 $(${mirrorLog('v1')} | grep -c fid-both) v2 $(${mirrorLog('v2')} | grep -c fid-both)`,
        '^v1 ([1-9]) v2 [1-9]$',
      ),
    ],
    cleanup: ['kubectl delete --ignore-not-found ns fid-mirror'],
  },
  {
    id: 'secure-ingress',
    title: 'Gateways seguros: TLS y mTLS',
    page: 'traffic-management/ingress/secure-ingress',
    prelude: 'export CERTS=/tmp/fid-certificates',
    steps: [
      { run: certificates, expect: ['^httpbin.crt$', '^client.crt$', '^example.com.crt$'] },
      {
        run: 'kubectl create -n istio-system secret tls httpbin-credential --key=$CERTS/httpbin.key --cert=$CERTS/httpbin.crt',
        expect: ['secret/httpbin-credential created'],
      },
      { run: secureGateway('SIMPLE'), expect: ['gateway.networking.istio.io/mygateway created'] },
      { run: secureRoutes, expect: ['virtualservice.networking.istio.io/httpbin created'] },
      wait(teapot(), 'HTTP/(2|1.1) 418', "I'm a teapot!", 'exit 0'),
      {
        run: 'kubectl -n istio-system delete secret httpbin-credential; kubectl create -n istio-system secret generic httpbin-credential --from-file=tls.key=$CERTS/httpbin.key --from-file=tls.crt=$CERTS/httpbin.crt --from-file=ca.crt=$CERTS/example.com.crt',
        expect: ['secret "httpbin-credential" deleted', 'secret/httpbin-credential created'],
      },
      { run: secureGateway('MUTUAL'), expect: ['gateway.networking.istio.io/mygateway configured'] },
      wait(teapot(), 'certificate required|alert', 'exit (35|55|56)'),
      wait(teapot('--cert $CERTS/client.crt --key $CERTS/client.key'), 'HTTP/(2|1.1) 418', "I'm a teapot!", 'exit 0'),
    ],
    cleanup: [
      'kubectl delete --ignore-not-found gateways.networking.istio.io/mygateway virtualservice/httpbin',
      'kubectl delete --ignore-not-found -n istio-system secret httpbin-credential',
      'rm -rf $CERTS',
    ],
  },
  {
    id: 'egress-control',
    title: 'Llegar a servicios de fuera (con un pod sin malla en el papel de httpbin.org)',
    page: 'traffic-management/egress/egress-control',
    prelude: `export SOURCE_POD=${curlPod}; ${outside}`,
    steps: [
      wait(
        'kubectl exec "$SOURCE_POD" -c curl -- curl -sSI -H Host:httpbin.org http://$OUTSIDE:8080/headers | grep "HTTP/"',
        'HTTP/1.1 200',
      ),
      { run: registryOnly, expect: ['sidecar.networking.istio.io/default created'] },
      // No service of the mesh speaks HTTP on that port: the connection is cut, as the page shows for HTTPS.
      wait(
        'kubectl exec "$SOURCE_POD" -c curl -- curl -sSI -H Host:httpbin.org http://$OUTSIDE:8080/headers | grep "HTTP/"',
        'command terminated with exit code (35|56)',
      ),
      { run: serviceEntry, expect: ['serviceentry.networking.istio.io/httpbin-ext created'] },
      wait(
        'kubectl exec "$SOURCE_POD" -c curl -- curl -sS -H Host:httpbin.org http://$OUTSIDE:8080/headers',
        '"httpbin.org"',
        '"X-Envoy-Decorator-Operation"|"X-Request-Id"',
      ),
      wait(
        'kubectl logs "$SOURCE_POD" -c istio-proxy | tail -1',
        'GET /headers HTTP/1.1" 200 - via_upstream.* "httpbin.org" .* outbound\\|8080\\|\\|httpbin.org ',
      ),
      {
        run: 'kubectl exec "$SOURCE_POD" -c curl -- time curl -o /dev/null -sS -w "%{http_code}\\n" -H Host:httpbin.org http://$OUTSIDE:8080/delay/5',
        expect: ['^200$', 'real.*0?m? ?0?5\\.\\d+'],
      },
      { run: shortTimeout, expect: ['virtualservice.networking.istio.io/httpbin-ext created'] },
      wait(
        'kubectl exec "$SOURCE_POD" -c curl -- time curl -o /dev/null -sS -w "%{http_code}\\n" -H Host:httpbin.org http://$OUTSIDE:8080/delay/5',
        '^504$',
        'real.*0?m? ?0?3\\.\\d+',
      ),
    ],
    cleanup: ['kubectl delete --ignore-not-found serviceentry/httpbin-ext virtualservice/httpbin-ext sidecar/default'],
  },
];
