// IST0102: a namespace says nothing about injection. IST0123: it says it twice. IST0103: a pod of an injected namespace has no
// proxy.
import type { KubeObject } from '../objects.ts';
import { fields } from '../read.ts';
import { hasProxy } from '../services.ts';
import { type Finding, fullName, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

const SYSTEM = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage', 'istio-system']);

export function isSystemNamespace(name: string): boolean {
  return SYSTEM.has(name);
}

export function unlabelledNamespaces({ namespaces }: Scene): Finding[] {
  return namespaces
    .filter((n) => !isSystemNamespace(n.metadata.name) && injectionOf(n) === 'unsaid')
    .map((namespace) => {
      const label = `kubectl label namespace ${namespace.metadata.name} istio-injection=`;
      const text = `The namespace is not enabled for Istio injection. Run '${label}enabled' to enable it, or '${label}disabled' to explicitly mark it as not needing injection.`;
      return { code: 'IST0102', level: 'Info', object: sourceOf(namespace, 'metadata.labels'), text };
    });
}

export function doubleLabels({ namespaces }: Scene): Finding[] {
  return namespaces
    .filter((n) => n.metadata.name !== 'istio-system')
    .flatMap((namespace) => {
      const { labels = {} } = namespace.metadata;
      const said = labels['istio-injection'];
      const others = ['istio.io/rev', 'istio.io/dataplane-mode'].filter(
        (name) => labels[name] !== undefined && (said === undefined || said === 'enabled'),
      );
      const all = [...(said === undefined ? [] : ['istio-injection']), ...others];
      if (all.length < 2) return [];
      const text = `The namespace has more than one type of injection labels [${all.map((name) => `${name}=${labels[name]}`).join(' ')}], which may lead to undefined behavior. Make sure only one injection label exists.`;
      return [{ code: 'IST0123', level: 'Warning', object: sourceOf(namespace, 'metadata.labels'), text }];
    });
}

export function missingProxies({ namespaces, pods }: Scene): Finding[] {
  const injected = new Set(namespaces.filter((n) => injectionOf(n) === 'enabled').map((n) => n.metadata.name));
  return pods
    .filter(
      (pod) =>
        injected.has(pod.metadata.namespace ?? 'default') &&
        !refuses(pod) &&
        !hasProxy(pod) &&
        fields(pod.spec).hostNetwork !== true,
    )
    .map((pod) => {
      const text = `The pod ${fullName(pod)} is missing the Istio proxy. This can often be resolved by restarting or redeploying the workload.`;
      return { code: 'IST0103', level: 'Warning', object: sourceOf(pod, 'spec.containers'), text };
    });
}

function injectionOf({ metadata }: KubeObject): 'enabled' | 'disabled' | 'unsaid' {
  const { labels = {} } = metadata;
  const said = labels['istio-injection'];
  if (said === 'enabled') return 'enabled';
  if (said !== undefined) return 'disabled';
  return labels['istio.io/rev'] === undefined ? 'unsaid' : 'enabled';
}

/** The pod's own label wins over its annotation. */
function refuses({ metadata }: KubeObject): boolean {
  const name = 'sidecar.istio.io/inject';
  const said = metadata.labels?.[name] ?? metadata.annotations?.[name];
  return String(said).toLowerCase() === 'false';
}
