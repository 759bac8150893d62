// Locality load balancing: istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/. The page has a cluster for each
// place; here each place is a node of one cluster, and httpbin tells its name in the part of helloworld.
import type { Task, TaskStep } from './task.ts';

const PLACES = [
  { region: 'region1', zone: 'zone1' },
  { region: 'region1', zone: 'zone2' },
  { region: 'region2', zone: 'zone3' },
];

const label = ({ region, zone }: (typeof PLACES)[number], index: number) =>
  `kubectl label --overwrite "\${NODES[${index}]}" topology.kubernetes.io/region=${region} topology.kubernetes.io/zone=${zone}`;

const server = (namespace: string, { region, zone }: (typeof PLACES)[number], index: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: httpbin-${region}-${zone}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: httpbin, version: ${region}.${zone}}}
  template:
    metadata: {labels: {app: httpbin, version: ${region}.${zone}}}
    spec:
      nodeName: \${NODES[${index}]#node/}
      containers: [{name: httpbin, image: "docker.io/mccutchen/go-httpbin:v2.15.0", imagePullPolicy: IfNotPresent, env: [{name: USE_REAL_HOSTNAME, value: "1"}]}]`;

const workloads = (namespace: string) => `kubectl create namespace ${namespace}
kubectl label namespace ${namespace} istio-injection=enabled
kubectl apply -f - <<EOF
apiVersion: v1
kind: Service
metadata: {name: httpbin, namespace: ${namespace}}
spec: {ports: [{name: http, port: 8000, targetPort: 8080}], selector: {app: httpbin}}
---
${PLACES.map((place, index) => server(namespace, place, index)).join('\n---\n')}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: curl, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: curl}}
  template:
    metadata: {labels: {app: curl}}
    spec:
      nodeName: \${NODES[0]#node/}
      terminationGracePeriodSeconds: 0
      containers: [{name: curl, image: "docker.io/curlimages/curl:8.16.0", imagePullPolicy: IfNotPresent, command: [/bin/sleep, infinity]}]
EOF`;

const rule = (namespace: string, setting: string) => `kubectl apply -n ${namespace} -f - <<EOF
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: httpbin}
spec:
  host: httpbin.${namespace}.svc.cluster.local
  trafficPolicy:
    connectionPool: {http: {maxRequestsPerConnection: 1}}
    loadBalancer:
      simple: ROUND_ROBIN
      localityLbSetting:
        enabled: true
${setting}
    outlierDetection: {consecutive5xxErrors: 1, interval: 1s, baseEjectionTime: 1m}
EOF`;

/** Which places answer, with how often. */
const asked = (namespace: string, count: number) =>
  `kubectl exec -n ${namespace} deploy/curl -c curl -- sh -c 'for i in $(seq ${count}); do curl -s -m 5 http://httpbin:8000/hostname; done' | grep -o "region[0-9]-zone[0-9]" | sort | uniq -c`;

const only = (namespace: string, place: string): TaskStep => ({
  run: `${asked(namespace, 10)} | tr -s ' ' | tr '\\n' ';'`,
  expect: [`^ 10 ${place};$`],
  // A drained proxy is no longer ready after four probes, one every 15 seconds.
  within: 110,
});

const drain = (namespace: string, place: string): TaskStep => ({
  run: `kubectl exec -n ${namespace} deploy/httpbin-${place} -c istio-proxy -- curl -sSL -X POST 127.0.0.1:15000/drain_listeners`,
  expect: ['OK'],
});

const begin = (namespace: string): TaskStep[] => [
  { run: PLACES.map(label).join('\n'), expect: ['labeled'] },
  { run: workloads(namespace), expect: ['deployment.apps/httpbin-region2-zone3 created'] },
  {
    run: `kubectl -n ${namespace} wait --for=condition=Available deployment --all --timeout=90s`,
    expect: ['deployment.apps/httpbin-region2-zone3 condition met'],
  },
];

const prelude = 'NODES=($(kubectl get nodes -o name))';
const cleanup = (namespace: string) => [
  `kubectl delete namespace ${namespace}`,
  'kubectl get nodes -o name | xargs -I NODE kubectl label NODE topology.kubernetes.io/region- topology.kubernetes.io/zone-',
];

export const localityTasks: Task[] = [
  {
    id: 'locality-failover',
    title: 'Reparto por lugares: pasar a otro sitio (cada lugar es un nodo; httpbin hace de helloworld)',
    page: 'traffic-management/locality-load-balancing/failover',
    prelude,
    steps: [
      ...begin('fid-failover'),
      { run: rule('fid-failover', '        failover: [{from: region1, to: region2}]'), expect: ['created'] },
      only('fid-failover', 'region1-zone1'),
      drain('fid-failover', 'region1-zone1'),
      only('fid-failover', 'region1-zone2'),
      drain('fid-failover', 'region1-zone2'),
      only('fid-failover', 'region2-zone3'),
    ],
    cleanup: cleanup('fid-failover'),
  },
  {
    id: 'locality-distribute',
    title: 'Reparto por lugares: pesos (cada lugar es un nodo; httpbin hace de helloworld)',
    page: 'traffic-management/locality-load-balancing/distribute',
    prelude,
    steps: [
      ...begin('fid-distribute'),
      {
        run: rule(
          'fid-distribute',
          '        distribute: [{from: region1/zone1/*, to: {"region1/zone1/*": 70, "region1/zone2/*": 20, "region2/zone3/*": 10}}]',
        ),
        expect: ['created'],
      },
      {
        // 150 draws: each bound is more than five deviations away.
        run: `${asked('fid-distribute', 150)} | awk '{n[$2]=$1} END {print (n["region1-zone1"] > 75 && n["region1-zone1"] < 135 && n["region1-zone2"] > 5 && n["region1-zone2"] < 60 && n["region2-zone3"] > 0 && n["region2-zone3"] < 40) ? "as weighted" : "not as weighted"}'`,
        expect: ['^as weighted'],
        within: 30,
      },
    ],
    cleanup: cleanup('fid-distribute'),
  },
];
