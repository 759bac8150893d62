// Observability: istio.io/latest/docs/tasks/observability/.
import type { Task, TaskStep } from './task.ts';

const wait = (run: string, ...expect: string[]): TaskStep => ({ run, expect, within: 40 });

const addon = (name: string): TaskStep => ({
  run: `kubectl apply -f samples/addons/${name}.yaml; kubectl rollout status deployment/${name} -n istio-system --timeout=90s`,
  expect: [`deployment "?${name}"? successfully rolled out`],
});

/** What the page does in a browser that `istioctl dashboard` opens. */
const behind = (name: string, port: number, local: number, run: string): string => `
istioctl dashboard ${name} --browser=false --port ${local} >/dev/null 2>&1 &
FORWARD=$!
for i in $(seq 1 50); do curl -s -o /dev/null http://localhost:${local}/ && break; sleep 0.1; done
${run}
kill $FORWARD
wait $FORWARD 2>/dev/null
: ${port}`;

const query = (expression: string): string =>
  behind(
    'prometheus',
    9090,
    19090,
    `curl -s -G http://localhost:19090/api/v1/query --data-urlencode 'query=${expression}'`,
  );
const traces = (service: string, filter = 'cat'): string =>
  behind(
    'jaeger',
    16686,
    19686,
    `curl -s "http://localhost:19686/jaeger/api/traces?service=${service}&limit=1000" | ${filter}`,
  );

const visits = (times: number) =>
  `for i in $(seq 1 ${times}); do curl -s -o /dev/null -w "%{http_code}\\n" "http://$GATEWAY_URL/productpage"; done | sort -u`;

const tracingMesh = `cat <<EOF > $TRACING
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  profile: demo
  meshConfig:
    enableTracing: true
    defaultConfig:
      tracing: {} # disable legacy MeshConfig tracing options
    extensionProviders:
    - name: jaeger
      opentelemetry:
        port: 4317
        service: jaeger-collector.istio-system.svc.cluster.local
EOF
istioctl install -f $TRACING --skip-confirmation`;

const tracing = (more = '') => `kubectl apply -f - <<EOF
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: mesh-default
  namespace: istio-system
spec:
  tracing:
  - providers:
    - name: jaeger${more}
EOF`;

const howMany = traces(
  'istio-ingressgateway.istio-system',
  `grep -oE '"traceID":"[0-9a-f]{32}","spans"' | sort -u | wc -l`,
);

export const observabilityTasks: Task[] = [
  {
    id: 'querying-metrics',
    title: 'Consultar métricas en Prometheus',
    page: 'observability/metrics/querying-metrics',
    steps: [
      addon('prometheus'),
      {
        run: 'kubectl -n istio-system get svc prometheus',
        expect: ['prometheus +ClusterIP +\\S+ +<none> +9090/TCP'],
      },
      { run: visits(30), expect: ['^200$'] },
      wait(query('istio_requests_total'), '"status":"success"', '"__name__":"istio_requests_total"'),
      wait(
        query('istio_requests_total{destination_service="productpage.default.svc.cluster.local"}'),
        '"destination_service":"productpage.default.svc.cluster.local"',
        '"response_code":"200"',
        '"connection_security_policy":"mutual_tls"',
      ),
      wait(
        query(
          'istio_requests_total{destination_service="reviews.default.svc.cluster.local", destination_version="v3"}',
        ),
        '"destination_version":"v3"',
        '"source_app":"productpage"',
      ),
      wait(
        `for i in 1 2 3; do ${visits(3)}; sleep 1; done; ${query('rate(istio_requests_total{destination_service=~"productpage.*", response_code="200"}[5m])')}`,
        '"value":\\[[\\d.]+,"0\\.\\d*[1-9]',
      ),
    ],
    cleanup: ['kubectl delete --ignore-not-found -f samples/addons/prometheus.yaml'],
  },
  {
    id: 'using-istio-dashboard',
    title: 'Grafana (el embebido enseña su aviso)',
    page: 'observability/metrics/using-istio-dashboard',
    steps: [
      addon('prometheus'),
      addon('grafana'),
      { run: 'kubectl -n istio-system get svc prometheus', expect: ['prometheus +ClusterIP'] },
      { run: 'kubectl -n istio-system get svc grafana', expect: ['grafana +ClusterIP +\\S+ +<none> +3000/TCP'] },
      wait(
        behind('grafana', 3000, 19300, 'curl -s http://localhost:19300/api/health; curl -sL http://localhost:19300/'),
        '"database": ?"ok"',
        'Grafana',
      ),
    ],
    cleanup: ['kubectl delete --ignore-not-found -f samples/addons/grafana.yaml -f samples/addons/prometheus.yaml'],
  },
  {
    id: 'kiali',
    title: 'Kiali (el embebido enseña su aviso)',
    page: 'observability/kiali',
    steps: [
      addon('kiali'),
      { run: 'kubectl -n istio-system get svc kiali', expect: ['kiali +ClusterIP +\\S+ +<none> +20001/TCP'] },
      wait(
        behind(
          'kiali',
          20_001,
          19_201,
          'curl -s -w " %{http_code}" http://localhost:19201/kiali/healthz; curl -sL http://localhost:19201/kiali',
        ),
        ' 200',
        'Kiali',
      ),
    ],
    cleanup: ['kubectl delete --ignore-not-found -f samples/addons/kiali.yaml'],
  },
  {
    id: 'jaeger',
    title: 'Trazas con Jaeger',
    page: 'observability/distributed-tracing/jaeger',
    prelude: 'export TRACING=/tmp/fid-tracing.yaml',
    steps: [
      addon('jaeger'),
      { run: tracingMesh, expect: ['Installation complete'] },
      { run: tracing(), expect: ['telemetry.telemetry.istio.io/mesh-default created'] },
      {
        run: 'for i in $(seq 1 100); do curl -s -o /dev/null "http://$GATEWAY_URL/productpage"; done; echo sent',
        expect: ['^sent$'],
      },
      // One in a hundred by default: among 100 requests the page expects at least one trace.
      wait(
        `${visits(100)}; ${traces('productpage.default')}`,
        '"operationName":"reviews.default.svc.cluster.local:9080/\\*"',
        '"istio.canonical_service","type":"string","value":"productpage"',
      ),
    ],
    cleanup: [
      'kubectl delete --ignore-not-found -n istio-system telemetry mesh-default',
      'kubectl delete --ignore-not-found -f samples/addons/jaeger.yaml',
      'istioctl install --set profile=demo -y',
      'rm -f $TRACING',
    ],
  },
  {
    id: 'tracing-sampling',
    title: 'Muestreo de las trazas con Telemetry',
    page: 'observability/distributed-tracing/sampling',
    prelude: 'export TRACING=/tmp/fid-tracing.yaml',
    steps: [
      addon('jaeger'),
      { run: tracingMesh, expect: ['Installation complete'] },
      { run: tracing('\n    randomSamplingPercentage: 100.00'), expect: ['mesh-default created'] },
      wait(`before=$(${howMany}); ${visits(5)}; sleep 4; after=$(${howMany}); echo new $((after - before))`, '^new 5$'),
      { run: tracing('\n    randomSamplingPercentage: 0.00'), expect: ['mesh-default configured'] },
      {
        run: `sleep 4; before=$(${howMany}); ${visits(50)}; sleep 4; after=$(${howMany}); echo new $((after - before))`,
        expect: ['^new 0$'],
      },
    ],
    cleanup: [
      'kubectl delete --ignore-not-found -n istio-system telemetry mesh-default',
      'kubectl delete --ignore-not-found -f samples/addons/jaeger.yaml',
      'istioctl install --set profile=demo -y',
      'rm -f $TRACING',
    ],
  },
];
