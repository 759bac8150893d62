// Security objects that were written for a pod and are not for it: their namespace or their selector says otherwise.
import { isIstio, namespaceOf } from '../../../mesh/config-objects.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, hasLabels, items, texts } from '../../../mesh/read.ts';
import { indexSecurityObjects, selectorOf } from '../../../mesh/security/policy-scope.ts';
import type { Code } from '../../catalogue.ts';
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import { type Pod, rootNamespace, type Scene } from '../../scene.ts';
import { principalOf, proxyOf } from '../../security/journey.ts';
import { distance } from '../../typo.ts';

export type SecurityKind = 'PeerAuthentication' | 'RequestAuthentication' | 'AuthorizationPolicy';

const codes: Record<SecurityKind, { namespace: Code; selector: Code; client: Code }> = {
  PeerAuthentication: { namespace: 'MALLA-MTL-02', selector: 'MALLA-MTL-03', client: 'MALLA-MTL-03' },
  RequestAuthentication: { namespace: 'MALLA-JWT-02', selector: 'MALLA-JWT-03', client: 'MALLA-JWT-03' },
  AuthorizationPolicy: { namespace: 'MALLA-AUT-02', selector: 'MALLA-AUT-03', client: 'MALLA-AUT-17' },
};

/** Objects of the kind that the pod's proxy obeys, oldest first. */
export function applying(scene: Scene, kind: SecurityKind, pod: Pod): readonly KubeObject[] {
  const proxy = proxyOf(pod, 'sidecar');
  const objects = indexSecurityObjects(scene.objects, kind, rootNamespace).forProxy(proxy);
  // In the root namespace istiod passes over the PeerAuthentications that have a selector.
  if (kind !== 'PeerAuthentication') return objects;
  return objects.filter((o) => namespaceOf(o) !== rootNamespace || selectorOf(o).size === 0);
}

export interface Sought {
  kind: SecurityKind;
  /** Whom it should be for. */
  pod: Pod;
  caller: Pod;
  /** Only those that would serve. */
  serves?: (object: KubeObject) => boolean;
  /** Also those that are well where they are, and are for somebody else. */
  whoever?: boolean;
}

/** The object that was most likely meant: a selector that selects nobody says most, one for other pods says least. */
export function misplaced(scene: Scene, sought: Sought): Diagnosis | undefined {
  const { kind, pod, serves = () => true, whoever = false } = sought;
  const obeyed = new Set(applying(scene, kind, pod));
  const others = scene.objects.filter((o) => isIstio(o, kind, 'security.istio.io') && !obeyed.has(o) && serves(o));
  const found = others.flatMap((object) => reasonsFor(scene, object, sought)).toSorted((a, b) => a.rank - b.rank);
  return found.find(({ rank }) => whoever || rank < elsewhere)?.diagnosis;
}

/** From here on there is no sign that an object was meant for the pod. */
const elsewhere = 4;

interface Reason {
  rank: number;
  diagnosis: Diagnosis;
}

function reasonsFor(scene: Scene, object: KubeObject, { kind, pod, caller }: Sought): Reason[] {
  const { targetRef, targetRefs } = fields(object.spec);
  if (targetRef !== undefined || targetRefs !== undefined) return [];
  const namespace = namespaceOf(object);
  const home = pod.metadata.namespace ?? 'default';
  const selector = selectorOf(object);
  const labels = [...selector].map(([key, value]) => `${key}=${value}`).join(',');
  if (namespace !== home) {
    if (!hasLabels(pod.metadata.labels, selector)) return [];
    if (namespace === rootNamespace && kind !== 'PeerAuthentication') return [];
    // One without a selector may have a namespace of its own to look after: the caller's is the one that is mistaken.
    const guards =
      namespace !== caller.metadata.namespace && scene.pods.some((p) => p.metadata.namespace === namespace);
    const message = `${nameOf(object)} vale para los pods de ${namespace}, y quien recibe está en ${home}`;
    const diagnosis = diagnose(codes[kind].namespace, message, { at: object, path: 'metadata.namespace' });
    return [{ rank: selector.size > 0 ? 1 : guards ? 4 : 2, diagnosis }];
  }
  const at = { at: object, path: 'spec.selector.matchLabels' };
  const selected = scene.pods.filter(
    (p) => p.metadata.namespace === namespace && hasLabels(p.metadata.labels, selector),
  );
  if (selected.length === 0) {
    const message = `${nameOf(object)} selecciona ${labels}, y ningún pod de ${namespace} lleva eso`;
    return [{ rank: isNear(selector, pod) ? 0 : 1, diagnosis: diagnose(codes[kind].selector, message, at) }];
  }
  if (selected.includes(caller)) {
    const message = `${nameOf(object)} selecciona ${labels}: es quien llama, y quien recibe es ${pod.metadata.name}`;
    return [{ rank: admitsOthers(object, caller) ? 5 : 3, diagnosis: diagnose(codes[kind].client, message, at) }];
  }
  const message = `${nameOf(object)} selecciona ${labels}, y quien recibe es ${pod.metadata.name}`;
  return [{ rank: 5, diagnosis: diagnose(codes[kind].selector, message, at) }];
}

/** It names who may call the caller itself: it is right where it is. */
function admitsOthers({ spec }: KubeObject, caller: Pod): boolean {
  const principals = items(fields(spec).rules)
    .flatMap((rule) => items(fields(rule).from))
    .flatMap((from) => texts(fields(fields(from).source).principals));
  const own = principalOf(caller).replace('spiffe://', '');
  return principals.length > 0 && !principals.includes(own);
}

function isNear(selector: ReadonlyMap<string, string>, pod: Pod): boolean {
  return [...selector].every(([key, value]) => {
    const own = pod.metadata.labels?.[key];
    return own !== undefined && distance(value, own) <= 3;
  });
}
