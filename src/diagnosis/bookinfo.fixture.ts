// A healthy mesh with Bookinfo as plain objects, for tests to break.
import type { KubeObject } from '../mesh/objects.ts';

type Labels = Record<string, string>;

export interface World {
  objects: KubeObject[];
  find(kind: string, name: string, namespace?: string): KubeObject;
  /** Replaces the value at a path of keys. Undefined removes it. */
  set(kind: string, name: string, path: (string | number)[], value: unknown): World;
  add(...objects: KubeObject[]): World;
  remove(kind: string, name?: string): World;
}

export function bookinfo(): World {
  const services = ['productpage', 'details', 'ratings', 'reviews'];
  const workloads = ['productpage-v1', 'details-v1', 'ratings-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3'];
  return world([
    namespace('default', { 'istio-injection': 'enabled' }),
    namespace('istio-system'),
    ...['nieve', 'arya', 'sansa'].map(node),
    {
      ...object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'istio-sidecar-injector'),
      ...injector(),
    },
    ...workload('istio-system', 'istiod', { app: 'istiod' }, { port: 15012, sidecar: false }),
    ...workload(
      'istio-system',
      'istio-ingressgateway',
      { app: 'istio-ingressgateway', istio: 'ingressgateway' },
      { port: 8080, container: 'istio-proxy', sidecar: false },
    ),
    {
      ...object('v1', 'Service', 'istio-ingressgateway', 'istio-system'),
      spec: {
        type: 'LoadBalancer',
        clusterIP: '10.96.0.9',
        selector: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
        ports: [{ name: 'http2', port: 80, targetPort: 8080, nodePort: 31380 }],
      },
    },
    ...services.map((name) => service(name)),
    ...workloads.flatMap((name) => {
      const [app = '', version = ''] = name.split('-');
      return workload('default', name, { app, version }, { port: 9080, container: app });
    }),
    gateway(),
    virtualService(
      'bookinfo',
      ['*'],
      [
        {
          match: [{ uri: { prefix: '/api/v1/products' } }, { uri: { exact: '/productpage' } }],
          route: [to('productpage')],
        },
      ],
      {
        gateways: ['bookinfo-gateway'],
      },
    ),
  ]);
}

export function world(objects: KubeObject[]): World {
  const self: World = {
    objects,
    find(kind, name, ns) {
      const found = objects.find(
        (o) => o.kind === kind && o.metadata.name === name && (ns === undefined || o.metadata.namespace === ns),
      );
      if (!found) throw new Error(`No ${kind} ${name} in the fixture.`);
      return found;
    },
    set(kind, name, path, value) {
      let at = self.find(kind, name) as unknown as Record<string | number, unknown>;
      for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
      const last = path.at(-1) ?? '';
      if (value === undefined) delete at[last];
      else at[last] = value;
      return self;
    },
    add(...more) {
      objects.push(...more);
      return self;
    },
    remove(kind, name) {
      const kept = objects.filter((o) => o.kind !== kind || (name !== undefined && !o.metadata.name.startsWith(name)));
      objects.splice(0, objects.length, ...kept);
      return self;
    },
  };
  return self;
}

export function object(apiVersion: string, kind: string, name: string, ns?: string, labels: Labels = {}): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(ns ? { namespace: ns } : {}),
      labels,
      uid: `${kind}-${ns}-${name}`,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
  };
}

export function namespace(name: string, labels: Labels = {}): KubeObject {
  return object('v1', 'Namespace', name, undefined, { 'kubernetes.io/metadata.name': name, ...labels });
}

export function service(name: string, ns = 'default'): KubeObject {
  return {
    ...object('v1', 'Service', name, ns),
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 9080, targetPort: 9080 }], clusterIP: '10.96.0.1' },
  };
}

/** A Deployment and its only pod, ready. */
export function workload(
  ns: string,
  name: string,
  labels: Labels,
  { port, container = name, sidecar = true }: { port: number; container?: string; sidecar?: boolean },
): KubeObject[] {
  const containers = [{ name: container, image: `example/${container}:1`, ports: [{ containerPort: port }] }];
  const deployment = {
    ...object('apps/v1', 'Deployment', name, ns, labels),
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    status: { replicas: 1, readyReplicas: 1, updatedReplicas: 1 },
  };
  const pod = {
    ...object('v1', 'Pod', `${name}-abc-12345`, ns, labels),
    spec: {
      containers: structuredClone(containers),
      ...(sidecar ? { initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always' }] } : {}),
    },
    status: {
      phase: 'Running',
      podIP: `10.244.1.${name.length + (labels.version ?? '').charCodeAt(1)}`,
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
  return [deployment, pod];
}

export function gateway(): KubeObject {
  return {
    ...object('networking.istio.io/v1', 'Gateway', 'bookinfo-gateway', 'default'),
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
    },
  };
}

export function virtualService(
  name: string,
  hosts: string[],
  http: unknown[],
  extra: object = {},
  ns = 'default',
): KubeObject {
  return { ...object('networking.istio.io/v1', 'VirtualService', name, ns), spec: { hosts, http, ...extra } };
}

export function destinationRule(
  name: string,
  host: string,
  subsets: Record<string, Labels>,
  ns = 'default',
): KubeObject {
  return {
    ...object('networking.istio.io/v1', 'DestinationRule', name, ns),
    spec: { host, subsets: Object.entries(subsets).map(([s, labels]) => ({ name: s, labels })) },
  };
}

export function reviewsRule(): KubeObject {
  return destinationRule('reviews', 'reviews', { v1: { version: 'v1' }, v2: { version: 'v2' }, v3: { version: 'v3' } });
}

export function to(host: string, subset?: string, weight?: number): unknown {
  return { destination: { host, ...(subset ? { subset } : {}) }, ...(weight === undefined ? {} : { weight }) };
}

function node(name: string): KubeObject {
  return { ...object('v1', 'Node', name), status: { conditions: [{ type: 'Ready', status: 'True' }] } };
}

function injector() {
  return {
    metadata: { name: 'istio-sidecar-injector', labels: { app: 'sidecar-injector', 'istio.io/rev': 'default' } },
  };
}
