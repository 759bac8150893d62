// Traffic management: istio.io/latest/docs/tasks/traffic-management/.
import type { Task, TaskStep } from './task.ts';

const networking = 'samples/bookinfo/networking';
const page = (mark: string, args = '') =>
  `curl -s ${args} "http://$GATEWAY_URL/productpage" | grep -o "${mark}" | sort -u`;
const login =
  'curl -s -c /tmp/fid-cookies -o /dev/null -d "username=jason&passwd=x" -e "http://$GATEWAY_URL/productpage" "http://$GATEWAY_URL/login"';
const curlPod = '$(kubectl get pod -l app=curl -o jsonpath={.items..metadata.name})';

const apply = (file: string, ...expect: string[]): TaskStep => ({ run: `kubectl apply -f ${file}`, expect });
const wait = (run: string, ...expect: string[]): TaskStep => ({ run, expect, within: 12 });
const clean = `kubectl delete --ignore-not-found -f ${networking}/virtual-service-all-v1.yaml`;

const circuitBreaker = `kubectl apply -f - <<EOF
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: httpbin
spec:
  host: httpbin
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 1
      http:
        http1MaxPendingRequests: 1
        maxRequestsPerConnection: 1
    outlierDetection:
      consecutive5xxErrors: 1
      interval: 1s
      baseEjectionTime: 3m
      maxEjectionPercent: 100
EOF`;

const ingress = `kubectl apply -f - <<EOF
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: httpbin-gateway
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - "httpbin.example.com"
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: httpbin
spec:
  hosts:
  - "httpbin.example.com"
  gateways:
  - httpbin-gateway
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

const mirroring = (mirror: string) => `kubectl apply -f - <<EOF
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: helloworld
spec:
  hosts:
    - helloworld
  http:
  - route:
    - destination:
        host: helloworld
        subset: v1
      weight: 100${mirror}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: helloworld
spec:
  host: helloworld
  subsets:
  - name: v1
    labels:
      version: v1
  - name: v2
    labels:
      version: v2
EOF`;

const timeouts = (host: string, subset: string, more: string) => `kubectl apply -f - <<EOF
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${host}
spec:
  hosts:
  - ${host}
  http:
  - ${more}route:
    - destination:
        host: ${host}
        subset: ${subset}
EOF`;

const delay = 'fault:\n      delay:\n        percentage:\n          value: 100\n        fixedDelay: 2s\n    ';

export const trafficTasks: Task[] = [
  {
    id: 'request-routing',
    title: 'Encaminar peticiones a una versión',
    page: 'traffic-management/request-routing',
    steps: [
      apply(
        `${networking}/virtual-service-all-v1.yaml`,
        'virtualservice.networking.istio.io/reviews (created|configured|unchanged)',
      ),
      { run: 'kubectl get virtualservices -o yaml', expect: ['subset: v1', 'host: reviews'] },
      { run: 'kubectl get destinationrules -o yaml', expect: ['kind: DestinationRule'] },
      wait(`for i in 1 2 3 4 5 6; do ${page('reviews-v[123]')}; done | sort -u`, '^reviews-v1$'),
      apply(`${networking}/virtual-service-reviews-test-v2.yaml`, 'reviews configured'),
      { run: 'kubectl get virtualservice reviews -o yaml', expect: ['exact: jason', 'subset: v2'] },
      wait(
        `${login}; for i in 1 2 3; do ${page('reviews-v[123]', '-b /tmp/fid-cookies')}; done | sort -u`,
        '^reviews-v2$',
      ),
      wait(`for i in 1 2 3; do ${page('reviews-v[123]')}; done | sort -u`, '^reviews-v1$'),
    ],
    cleanup: [clean],
  },
  {
    id: 'fault-injection',
    title: 'Inyectar fallos',
    page: 'traffic-management/fault-injection',
    steps: [
      apply(`${networking}/virtual-service-all-v1.yaml`),
      apply(`${networking}/virtual-service-reviews-test-v2.yaml`),
      apply(`${networking}/virtual-service-ratings-test-delay.yaml`, 'ratings configured'),
      { run: 'kubectl get virtualservice ratings -o yaml', expect: ['fixedDelay: 7s', 'value: 100'] },
      wait(
        `${login}; curl -s -b /tmp/fid-cookies -w "%{time_total}\\n" "http://$GATEWAY_URL/productpage" | grep -oE "Error fetching product reviews|Sorry, product reviews are currently unavailable for this book.|^6\\.[0-9]"`,
        'Error fetching product reviews',
        'Sorry, product reviews',
        '^6\\.',
      ),
      apply(`${networking}/virtual-service-ratings-test-abort.yaml`, 'ratings configured'),
      { run: 'kubectl get virtualservice ratings -o yaml', expect: ['httpStatus: 500'] },
      wait(
        `${login}; ${page('Ratings service is currently unavailable', '-b /tmp/fid-cookies')}`,
        'Ratings service is currently unavailable',
      ),
      wait(`${page('unavailable')} | wc -l`, '^0$'),
    ],
    cleanup: [clean],
  },
  {
    id: 'traffic-shifting',
    title: 'Mover tráfico entre versiones',
    page: 'traffic-management/traffic-shifting',
    steps: [
      apply(`${networking}/virtual-service-all-v1.yaml`),
      wait(`for i in $(seq 10); do ${page('reviews-v[123]')}; done | sort -u`, '^reviews-v1$'),
      apply(`${networking}/virtual-service-reviews-50-v3.yaml`, 'reviews configured'),
      { run: 'kubectl get virtualservice reviews -o yaml', expect: ['weight: 50', 'subset: v3'] },
      wait(
        `for i in $(seq 30); do ${page('reviews-v[123]')}; done | sort -u | tr "\\n" " "`,
        '^reviews-v1 reviews-v3 $',
      ),
      apply(`${networking}/virtual-service-reviews-v3.yaml`, 'reviews configured'),
      wait(`for i in $(seq 10); do ${page('reviews-v[123]')}; done | sort -u`, '^reviews-v3$'),
    ],
    cleanup: [clean],
  },
  {
    id: 'request-timeouts',
    title: 'Tiempos límite de petición',
    page: 'traffic-management/request-timeouts',
    steps: [
      apply(`${networking}/virtual-service-all-v1.yaml`),
      { run: timeouts('reviews', 'v2', ''), expect: ['reviews configured'] },
      { run: timeouts('ratings', 'v1', delay), expect: ['ratings configured'] },
      wait('curl -s -o /dev/null -w "%{http_code} %{time_total}" "http://$GATEWAY_URL/productpage"', '^200 2\\.'),
      { run: timeouts('reviews', 'v2', 'timeout: 0.5s\n    '), expect: ['reviews configured'] },
      wait(
        'curl -s -w "%{time_total}\\n" "http://$GATEWAY_URL/productpage" | grep -oE "Sorry, product reviews are currently unavailable for this book.|^1\\.[0-9]"',
        'Sorry, product reviews',
        '^1\\.',
      ),
    ],
    cleanup: [clean],
  },
  {
    id: 'mirroring',
    title: 'Copiar tráfico (con helloworld, que tiene dos versiones)',
    page: 'traffic-management/mirroring',
    steps: [
      { run: mirroring(''), expect: ['virtualservice.networking.istio.io/helloworld created'] },
      wait(
        `for i in $(seq 5); do kubectl exec ${curlPod} -c curl -- curl -sS http://helloworld:5000/hello; done | grep -o "version: v[12]" | sort -u`,
        '^version: v1$',
      ),
      {
        run: mirroring(
          '\n    mirror:\n      host: helloworld\n      subset: v2\n    mirrorPercentage:\n      value: 100.0',
        ),
        expect: ['helloworld configured'],
      },
      wait(
        `kubectl exec ${curlPod} -c curl -- curl -sS http://helloworld:5000/hello?fid-mirrored; sleep 2; kubectl logs -l app=helloworld,version=v2 -c istio-proxy --tail=5`,
        'version: v1',
        'GET /hello\\?fid-mirrored HTTP/1.1" 200',
      ),
    ],
    cleanup: ['kubectl delete --ignore-not-found virtualservice/helloworld destinationrule/helloworld'],
  },
  {
    id: 'circuit-breaking',
    title: 'Cortar el circuito',
    page: 'traffic-management/circuit-breaking',
    prelude: "FORTIO_POD=$(kubectl get pods -l app=fortio -o 'jsonpath={.items[0].metadata.name}')",
    steps: [
      { run: circuitBreaker, expect: ['destinationrule.networking.istio.io/httpbin created'] },
      { run: 'kubectl get destinationrule httpbin -o yaml', expect: ['consecutive5xxErrors: 1', 'maxConnections: 1'] },
      {
        // The page pulls the image; here it is on the nodes.
        run: 'sed "s/imagePullPolicy: Always/imagePullPolicy: IfNotPresent/" samples/httpbin/sample-client/fortio-deploy.yaml | kubectl apply -f -',
        expect: ['deployment.apps/fortio-deploy created'],
      },
      {
        run: 'kubectl wait --for=condition=Available deployment/fortio-deploy --timeout=60s',
        expect: ['condition met'],
      },
      {
        run: 'kubectl exec "$FORTIO_POD" -c fortio -- /usr/bin/fortio curl -quiet http://httpbin:8000/get',
        expect: ['HTTP/1.1 200 OK', '"Host"'],
        within: 12,
      },
      {
        run: 'kubectl exec "$FORTIO_POD" -c fortio -- /usr/bin/fortio load -c 2 -qps 0 -n 20 -loglevel Warning http://httpbin:8000/get',
        expect: ['Code 200 : \\d+', 'Code 503 : \\d+'],
        within: 12,
      },
      {
        run: 'kubectl exec "$FORTIO_POD" -c fortio -- /usr/bin/fortio load -c 3 -qps 0 -n 30 -loglevel Warning http://httpbin:8000/get',
        expect: ['Code 200 : \\d+', 'Code 503 : \\d+'],
      },
      {
        run: 'kubectl exec "$FORTIO_POD" -c istio-proxy -- pilot-agent request GET stats | grep httpbin | grep pending',
        expect: ['upstream_rq_pending_overflow: [1-9]', 'rq_pending_open: 0', 'upstream_rq_pending_total: [1-9]'],
      },
    ],
    cleanup: [
      'kubectl delete --ignore-not-found destinationrule httpbin',
      'kubectl delete --ignore-not-found -f samples/httpbin/sample-client/fortio-deploy.yaml',
    ],
  },
  {
    id: 'ingress-control',
    title: 'Gateway de entrada',
    page: 'traffic-management/ingress/ingress-control',
    steps: [
      {
        run: ingress,
        expect: [
          'gateway.networking.istio.io/httpbin-gateway created',
          'virtualservice.networking.istio.io/httpbin created',
        ],
      },
      {
        run: 'kubectl get svc istio-ingressgateway -n istio-system',
        expect: ['istio-ingressgateway +LoadBalancer +\\S+'],
      },
      wait(
        'curl -s -I -HHost:httpbin.example.com "http://$INGRESS_HOST:$INGRESS_PORT/status/200"',
        '^HTTP/1.1 200 OK',
        'server: istio-envoy',
      ),
      wait(
        'curl -s -I -HHost:httpbin.example.com "http://$INGRESS_HOST:$INGRESS_PORT/headers"',
        '^HTTP/1.1 404 Not Found',
      ),
    ],
    cleanup: ['kubectl delete --ignore-not-found gateways.networking.istio.io/httpbin-gateway virtualservice/httpbin'],
  },
];
