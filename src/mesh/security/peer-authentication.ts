// Which connections a pod takes: mutual TLS, plain text or both (istio-hechos §4.1).
import { byAge, isIstio, namespaceOf } from '../config-objects.ts';
import type { Source } from '../decision.ts';
import type { Proxy as MeshProxy } from '../engine.ts';
import type { KubeObject } from '../objects.ts';
import { fields, hasLabels, text } from '../read.ts';
import { selectorOf } from './policy-scope.ts';

export type PeerMode = 'PERMISSIVE' | 'STRICT' | 'DISABLE';

export interface PeerRule {
  mode: PeerMode;
  /** Undefined: nobody says anything, and the default holds. */
  source?: Source;
}

export interface PeerAuthentications {
  /** Of a port of the pod. */
  ruleFor(proxy: MeshProxy, port: number): PeerRule;
}

/**
 * Port, then workload, then namespace, then mesh; of several, the oldest. UNSET asks the next one. In the root namespace
 * istiod passes over those with a selector, even for its own pods.
 */
export function indexPeerAuthentications(objects: readonly KubeObject[], rootNamespace: string): PeerAuthentications {
  const all = objects.filter((o) => isIstio(o, 'PeerAuthentication', 'security.istio.io')).sort(byAge);
  const ofWorkloads = all.filter((o) => selectorOf(o).size > 0 && namespaceOf(o) !== rootNamespace);
  const wholeBy = new Map<string, KubeObject>();
  for (const object of all) {
    if (selectorOf(object).size === 0 && !wholeBy.has(namespaceOf(object))) wholeBy.set(namespaceOf(object), object);
  }
  return {
    ruleFor(proxy, port) {
      const own = ofWorkloads.find((o) => namespaceOf(o) === proxy.namespace && hasLabels(proxy.labels, selectorOf(o)));
      const ofPort = own && fields(fields(fields(own.spec).portLevelMtls)[String(port)]).mode;
      return (
        ruleOf(own, ofPort, `spec.portLevelMtls.${port}.mode`) ??
        ruleOf(own, modeOf(own), 'spec.mtls.mode') ??
        ruleOf(wholeBy.get(proxy.namespace), modeOf(wholeBy.get(proxy.namespace)), 'spec.mtls.mode') ??
        ruleOf(wholeBy.get(rootNamespace), modeOf(wholeBy.get(rootNamespace)), 'spec.mtls.mode') ?? {
          mode: 'PERMISSIVE',
        }
      );
    },
  };
}

function modeOf(object: KubeObject | undefined): unknown {
  return fields(fields(object?.spec).mtls).mode;
}

function ruleOf(object: KubeObject | undefined, value: unknown, path: string): PeerRule | undefined {
  const mode = text(value);
  if (!object || (mode !== 'STRICT' && mode !== 'DISABLE' && mode !== 'PERMISSIVE')) return undefined;
  const { kind, metadata } = object;
  return { mode, source: { kind, namespace: namespaceOf(object), name: metadata.name, path } };
}
