// What istiod does to the cluster while it runs: hands its root certificate to every namespace, opens its webhooks,
// and holds its leader elections. Driven by events, like the program itself.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import { meshAuthority } from './authority.ts';
import { holdElections } from './elections.ts';
import { startGatewayApi } from './gateway-api/controller.ts';
import { openWebhook, webhookKinds } from './webhooks.ts';

export interface IstiodOptions {
  registry: Registry;
  clock: Clock;
}

/** Returns the stop. Watches for istiod's pods itself, so it may be started before Istio is installed. */
export function startIstiod(options: IstiodOptions): () => void {
  const { registry } = options;
  const ready = new Map<string, KubeObject>();
  let running: (() => void) | undefined;
  const settle = () => {
    const leader = [...ready.values()].find((pod) => pod.metadata.deletionTimestamp === undefined);
    if (leader && !running) running = lead(options, leader);
    if (!leader && running) {
      running();
      running = undefined;
    }
  };
  const stop = registry.watch('pods', ({ type, object }) => {
    if (object.metadata.labels?.app !== 'istiod') return;
    const key = object.metadata.uid ?? object.metadata.name;
    if (type === 'DELETED' || !isReady(object)) ready.delete(key);
    else ready.set(key, object);
    settle();
  });
  return () => {
    stop();
    running?.();
  };
}

const certificateMaps = new Set(['istio-ca-root-cert', 'istio-ca-crl']);
/** Where istiod neither injects nor hands out certificates. */
const skippedNamespaces = new Set(['kube-public', 'kube-node-lease', 'local-path-storage']);

function lead({ registry, clock }: IstiodOptions, pod: KubeObject): () => void {
  const home = pod.metadata.namespace ?? 'istio-system';
  const revision = pod.metadata.labels?.['istio.io/rev'] ?? 'default';
  const authority = meshAuthority(registry, clock, home);
  const contents: Record<string, Record<string, string>> = {
    'istio-ca-root-cert': { 'root-cert.pem': authority.certificate },
    'istio-ca-crl': { 'ca-crl.pem': '' },
  };
  const giveCertificates = (namespace: string) => {
    const object = registry.get('namespaces', undefined, namespace);
    if (!object || object.metadata.deletionTimestamp !== undefined || skippedNamespaces.has(namespace)) return;
    for (const [name, data] of Object.entries(contents)) keepConfigMap(registry, namespace, name, data);
  };
  holdElections(registry, clock, home, pod.metadata.name, revision);
  const stops = [
    registry.watch('namespaces', ({ type, object }) => {
      if (type !== 'DELETED') giveCertificates(object.metadata.name);
    }),
    registry.watch('configmaps', ({ type, object }) => {
      // Written over or deleted by somebody: istiod puts it back.
      if (type !== 'ADDED' && certificateMaps.has(object.metadata.name))
        giveCertificates(object.metadata.namespace ?? 'default');
    }),
    startGatewayApi({ registry, clock, home, revision }),
    ...webhookKinds.map((kind) =>
      registry.watch(kind, ({ type, object }) => {
        if (type !== 'DELETED') openWebhook(registry, kind, object, revision, authority.certificate);
      }),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function keepConfigMap(registry: Registry, namespace: string, name: string, data: Record<string, string>): void {
  const existing = registry.get('configmaps', namespace, name);
  if (existing) {
    if (JSON.stringify(existing.data) === JSON.stringify(data)) return;
    registry.edit('configmaps', namespace, name, (copy) => {
      copy.data = data;
    });
    return;
  }
  registry.create(
    'configmaps',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels: { 'istio.io/config': 'true' } }, data },
    { fieldManager: 'pilot-discovery' },
  );
}

function isReady(pod: KubeObject): boolean {
  const { conditions = [] } = (pod.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some((c) => c.type === 'Ready' && c.status === 'True');
}
