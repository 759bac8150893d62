// Security and observability: istio.io/latest/docs/tasks/{security,observability}/.
import type { Task, TaskStep } from './task.ts';

const wait = (run: string, ...expect: string[]): TaskStep => ({ run, expect, within: 25 });
const inMesh = (ns: string) =>
  `kubectl create ns ${ns}; for f in samples/httpbin/httpbin.yaml samples/curl/curl.yaml; do istioctl kube-inject -f $f | kubectl apply -n ${ns} -f -; done; kubectl wait --for=condition=Available deployment --all -n ${ns} --timeout=90s`;
const outOfMesh = (ns: string) =>
  `kubectl create ns ${ns}; kubectl apply -f samples/curl/curl.yaml -n ${ns}; kubectl wait --for=condition=Available deployment --all -n ${ns} --timeout=90s`;
const pod = (ns: string) =>
  `"$(kubectl get pod -l app=curl -n ${ns} -o jsonpath={.items..metadata.name})" -c curl -n ${ns}`;
const everyPair = `for from in "fid-foo" "fid-bar" "fid-old"; do for to in "fid-foo" "fid-bar"; do kubectl exec ${pod(`\${from}`)} -- curl -s "http://httpbin.\${to}:8000/ip" -s -o /dev/null -w "curl.\${from} to httpbin.\${to}: %{http_code}\\n"; done; done`;
const code = (ns: string, url: string, ...args: string[]) =>
  `kubectl exec ${pod(ns)} -- curl "http://httpbin.${ns}:8000${url}" -s -o /dev/null ${args.join(' ')} -w "%{http_code}\\n"`;

function policy(kind: string, name: string, namespace: string, spec: string): string {
  return `kubectl apply -f - <<'EOF'\napiVersion: security.istio.io/v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}\nEOF`;
}

function viewer(app: string, from: string): TaskStep {
  const source = from ? `from: [{source: {principals: ["cluster.local/ns/default/sa/${from}"]}}], ` : '';
  const spec = `{selector: {matchLabels: {app: ${app}}}, action: ALLOW, rules: [{${source}to: [{operation: {methods: ["GET"]}}]}]}`;
  return { run: policy('AuthorizationPolicy', `${app}-viewer`, 'default', spec), expect: [`${app}-viewer created`] };
}

const bookinfo =
  'curl -s "http://$GATEWAY_URL/productpage" | grep -oE "RBAC: access denied|Error fetching product (details|reviews)|Ratings service is currently unavailable|reviews-v[23]" | sort -u';
const token = 'TOKEN=$(cat samples/jwt/demo.jwt)';
const groupsToken = 'TOKEN_GROUP=$(cat samples/jwt/groups-scope.jwt)';
const jwks = "jwks: '{{jwks}}'";

const ingressHeaders = (more = '') =>
  `curl -s -I -HHost:httpbin.example.com "http://$INGRESS_HOST:$INGRESS_PORT/headers" ${more}`;

export const securityTasks: Task[] = [
  {
    id: 'mtls-migration',
    title: 'Pasar a mTLS estricto',
    page: 'security/authentication/mtls-migration',
    steps: [
      {
        run: `${inMesh('fid-foo')}; ${inMesh('fid-bar')}; ${outOfMesh('fid-old')}`,
        expect: ['namespace/fid-foo created', 'namespace/fid-old created'],
      },
      wait(
        everyPair,
        'curl.fid-foo to httpbin.fid-foo: 200',
        'curl.fid-old to httpbin.fid-foo: 200',
        'curl.fid-old to httpbin.fid-bar: 200',
      ),
      { run: 'kubectl get peerauthentication --all-namespaces', expect: ['No resources found'] },
      {
        run: policy('PeerAuthentication', 'default', 'fid-foo', '{mtls: {mode: STRICT}}'),
        expect: ['peerauthentication.security.istio.io/default created'],
      },
      wait(
        everyPair,
        'curl.fid-foo to httpbin.fid-foo: 200',
        'curl.fid-bar to httpbin.fid-foo: 200',
        'curl.fid-old to httpbin.fid-foo: 000',
        'command terminated with exit code 56',
        'curl.fid-old to httpbin.fid-bar: 200',
      ),
      { run: policy('PeerAuthentication', 'default', 'istio-system', '{mtls: {mode: STRICT}}'), expect: ['created'] },
      wait(
        everyPair,
        'curl.fid-old to httpbin.fid-foo: 000',
        'curl.fid-old to httpbin.fid-bar: 000',
        'curl.fid-bar to httpbin.fid-bar: 200',
      ),
    ],
    cleanup: [
      'kubectl delete --ignore-not-found peerauthentication default -n istio-system',
      'kubectl delete --ignore-not-found ns fid-foo fid-bar fid-old',
    ],
  },
  {
    id: 'authz-http',
    title: 'Autorización de tráfico HTTP',
    page: 'security/authorization/authz-http',
    steps: [
      { run: policy('AuthorizationPolicy', 'allow-nothing', 'default', '{}'), expect: ['allow-nothing created'] },
      wait(bookinfo, '^RBAC: access denied$'),
      viewer('productpage', ''),
      wait(bookinfo, 'Error fetching product details', 'Error fetching product reviews'),
      viewer('details', 'bookinfo-productpage'),
      viewer('reviews', 'bookinfo-productpage'),
      wait(`for i in 1 2 3 4 5 6 7 8; do ${bookinfo}; done | sort -u`, 'Ratings service is currently unavailable'),
      viewer('ratings', 'bookinfo-reviews'),
      wait(`for i in 1 2 3 4 5 6 7 8; do ${bookinfo}; done | sort -u | tr "\\n" " "`, '^reviews-v2 reviews-v3 $'),
    ],
    cleanup: [
      'kubectl delete --ignore-not-found authorizationpolicy/allow-nothing authorizationpolicy/productpage-viewer authorizationpolicy/details-viewer authorizationpolicy/reviews-viewer authorizationpolicy/ratings-viewer',
    ],
  },
  {
    id: 'authz-deny',
    title: 'Denegar de forma explícita',
    page: 'security/authorization/authz-deny',
    steps: [
      { run: inMesh('fid-deny'), expect: ['namespace/fid-deny created'] },
      wait(code('fid-deny', '/ip'), '^200$'),
      {
        run: policy(
          'AuthorizationPolicy',
          'deny-method-get',
          'fid-deny',
          '{selector: {matchLabels: {app: httpbin}}, action: DENY, rules: [{to: [{operation: {methods: ["GET"]}}]}]}',
        ),
        expect: ['deny-method-get created'],
      },
      wait(code('fid-deny', '/get', '-X GET'), '^403$'),
      wait(code('fid-deny', '/post', '-X POST'), '^200$'),
      {
        run: policy(
          'AuthorizationPolicy',
          'deny-method-get',
          'fid-deny',
          '{selector: {matchLabels: {app: httpbin}}, action: DENY, rules: [{to: [{operation: {methods: ["GET"]}}], when: [{key: "request.headers[x-token]", notValues: ["admin"]}]}]}',
        ),
        expect: ['deny-method-get configured'],
      },
      wait(code('fid-deny', '/get', '-X GET', '-H "x-token: admin"'), '^200$'),
      wait(code('fid-deny', '/get', '-X GET', '-H "x-token: guest"'), '^403$'),
      {
        run: policy(
          'AuthorizationPolicy',
          'allow-path-ip',
          'fid-deny',
          '{selector: {matchLabels: {app: httpbin}}, action: ALLOW, rules: [{to: [{operation: {paths: ["/ip"]}}]}]}',
        ),
        expect: ['allow-path-ip created'],
      },
      wait(code('fid-deny', '/ip', '-X GET', '-H "x-token: guest"'), '^403$'),
      wait(code('fid-deny', '/ip', '-X GET', '-H "x-token: admin"'), '^200$'),
      wait(code('fid-deny', '/get', '-X GET', '-H "x-token: admin"'), '^403$'),
    ],
    cleanup: ['kubectl delete --ignore-not-found ns fid-deny'],
  },
  {
    id: 'authz-jwt',
    title: 'Autorización con JWT (con el juego de claves dentro, no por internet)',
    page: 'security/authorization/authz-jwt',
    prelude: `${token}; ${groupsToken}`,
    steps: [
      { run: inMesh('fid-jwt'), expect: ['namespace/fid-jwt created'] },
      wait(code('fid-jwt', '/ip'), '^200$'),
      {
        run: policy(
          'RequestAuthentication',
          'jwt-example',
          'fid-jwt',
          `{selector: {matchLabels: {app: httpbin}}, jwtRules: [{issuer: "testing@secure.istio.io", ${jwks}}]}`,
        ),
        expect: ['jwt-example created'],
      },
      wait(code('fid-jwt', '/headers', '-H "Authorization: Bearer invalidToken"'), '^401$'),
      wait(code('fid-jwt', '/headers'), '^200$'),
      {
        run: policy(
          'AuthorizationPolicy',
          'require-jwt',
          'fid-jwt',
          '{selector: {matchLabels: {app: httpbin}}, action: ALLOW, rules: [{from: [{source: {requestPrincipals: ["testing@secure.istio.io/testing@secure.istio.io"]}}]}]}',
        ),
        expect: ['require-jwt created'],
      },
      wait(code('fid-jwt', '/headers'), '^403$'),
      wait(code('fid-jwt', '/headers', '-H "Authorization: Bearer $TOKEN"'), '^200$'),
      {
        run: policy(
          'AuthorizationPolicy',
          'require-jwt',
          'fid-jwt',
          '{selector: {matchLabels: {app: httpbin}}, action: ALLOW, rules: [{from: [{source: {requestPrincipals: ["testing@secure.istio.io/testing@secure.istio.io"]}}], when: [{key: "request.auth.claims[groups]", values: ["group1"]}]}]}',
        ),
        expect: ['require-jwt configured'],
      },
      wait(code('fid-jwt', '/headers', '-H "Authorization: Bearer $TOKEN"'), '^403$'),
      wait(code('fid-jwt', '/headers', '-H "Authorization: Bearer $TOKEN_GROUP"'), '^200$'),
    ],
    cleanup: ['kubectl delete --ignore-not-found ns fid-jwt'],
  },
  {
    id: 'jwt-route',
    title: 'Encaminar por lo que dice el JWT (con el juego de claves dentro)',
    page: 'security/authentication/jwt-route',
    prelude: `${token}; ${groupsToken}`,
    steps: [
      {
        run: "kubectl apply -f - <<'EOF'\napiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: fid-jwt}\nspec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [httpbin.example.com]}]}\nEOF",
        expect: ['fid-jwt created'],
      },
      {
        run: policy(
          'RequestAuthentication',
          'ingress-jwt',
          'istio-system',
          `{selector: {matchLabels: {istio: ingressgateway}}, jwtRules: [{issuer: "testing@secure.istio.io", ${jwks}}]}`,
        ),
        expect: ['ingress-jwt created'],
      },
      {
        run: "kubectl apply -f - <<'EOF'\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: httpbin}\nspec: {hosts: [httpbin.example.com], gateways: [fid-jwt], http: [{match: [{uri: {prefix: /headers}, headers: {'@request.auth.claims.groups': {exact: group1}}}], route: [{destination: {port: {number: 8000}, host: httpbin}}]}]}\nEOF",
        expect: ['virtualservice.networking.istio.io/httpbin created'],
      },
      wait(ingressHeaders(), 'HTTP/1.1 404 Not Found'),
      wait(ingressHeaders('-H "Authorization: Bearer some.invalid.token"'), 'HTTP/1.1 401 Unauthorized'),
      wait(ingressHeaders('-H "Authorization: Bearer $TOKEN"'), 'HTTP/1.1 404 Not Found'),
      wait(ingressHeaders('-H "Authorization: Bearer $TOKEN_GROUP"'), 'HTTP/1.1 200 OK'),
    ],
    cleanup: [
      'kubectl delete --ignore-not-found gateways.networking.istio.io/fid-jwt virtualservice/httpbin',
      'kubectl delete --ignore-not-found requestauthentication ingress-jwt -n istio-system',
    ],
  },
  {
    id: 'access-log',
    title: 'Registro de accesos',
    page: 'observability/logs/access-log',
    prelude: 'export SOURCE_POD=$(kubectl get pod -l app=curl -o jsonpath={.items..metadata.name})',
    steps: [
      {
        run: 'kubectl exec "$SOURCE_POD" -c curl -- curl -sS -v httpbin:8000/status/418',
        expect: ['418', "I'm a teapot"],
      },
      wait(
        'kubectl logs -l app=curl -c istio-proxy | grep status/418',
        '"GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 \\d+ \\d+ \\d+ "-" "curl/\\S+" "[0-9a-f-]{36}" "httpbin:8000" "[\\d.]+:\\d+" outbound\\|8000\\|\\|httpbin.default.svc.cluster.local',
      ),
      wait(
        'kubectl logs -l app=httpbin -c istio-proxy | grep status/418',
        '"GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 \\d+ \\d+ \\d+ "-" "curl/\\S+" "[0-9a-f-]{36}" "httpbin:8000" "[\\d.]+:\\d+" inbound\\|\\d+\\|\\| 127.0.0.6:\\d+ [\\d.]+:\\d+ [\\d.]+:\\d+ outbound_.8000_._.httpbin.default.svc.cluster.local default',
      ),
    ],
    cleanup: [],
  },
];
