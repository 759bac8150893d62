// Why a connection is cut that should not be, and why one is not that should: mutual TLS on both ends.
import { byAge, isIstio, namespaceOf } from '../../../mesh/config-objects.ts';
import type { Source } from '../../../mesh/decision.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, hasLabels, text } from '../../../mesh/read.ts';
import { indexPeerAuthentications, type PeerRule } from '../../../mesh/security/peer-authentication.ts';
import { selectorOf } from '../../../mesh/security/policy-scope.ts';
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import { type Pod, rootNamespace, type Scene } from '../../scene.ts';
import { type Arrival, type Journey, proxyOf } from '../../security/journey.ts';
import { podsBehind } from '../../subsets.ts';
import { ownerOf } from '../owner.ts';
import { misplaced } from './misplaced.ts';

/** Nobody asks for the policies of a pod without a sidecar. */
export function unguarded(scene: Scene, { pod, proxy }: Arrival): Diagnosis | undefined {
  if (proxy) return undefined;
  const message = `El pod ${pod.metadata.name} no tiene sidecar: nadie cumple ahí las políticas`;
  return diagnose('MALLA-MTL-09', message, { at: ownerOf(scene, pod) });
}

/** The connection is cut, and should not be. */
export function whyCut(scene: Scene, journey: Journey): Diagnosis | undefined {
  const { caller, meshed, tls, arrival } = journey;
  if (!arrival) return undefined;
  const { pod, connection } = arrival;
  const rule = ruleFor(scene, pod, connection.port);
  if (meshed) return disagreement(scene, { mode: tls?.mode, source: tls?.source }, arrival, rule);
  if (rule.mode !== 'STRICT') return undefined;
  const intended = exceptionAstray(scene, journey, arrival);
  if (intended) return intended;
  const by = find(scene, rule.source);
  return diagnose(
    'MALLA-MTL-06',
    `${caller.metadata.name} no tiene sidecar, y ${by ? nameOf(by) : 'la malla'} exige mTLS en ${pod.metadata.name}`,
    { at: by, path: rule.source?.path },
  );
}

/** The connection is taken, and should be cut. */
export function whyNotCut(scene: Scene, { caller, meshed, arrival }: Journey): Diagnosis | undefined {
  if (!arrival) return undefined;
  const open = unguarded(scene, arrival);
  if (open) return open;
  const { pod, connection } = arrival;
  const rule = ruleFor(scene, pod, connection.port);
  if (meshed && rule.mode === 'STRICT')
    return diagnose('MALLA-MTL-11', `El cliente ${caller.metadata.name} tiene sidecar, y habla mTLS`, {
      at: ownerOf(scene, caller),
    });
  if (rule.mode === 'STRICT') return undefined;
  const elsewhere = misplaced(scene, { kind: 'PeerAuthentication', pod, caller, serves: isStrict });
  const by = find(scene, rule.source);
  if (!by) return elsewhere ?? unset(scene, pod) ?? nobodyAsks(pod);
  const path = rule.source?.path ?? '';
  if (path.includes('portLevelMtls'))
    return diagnose('MALLA-MTL-05', `${nameOf(by)} deja el puerto ${connection.port} en ${rule.mode}`, {
      at: by,
      path,
    });
  const loser = scene.objects.find((o) => o !== by && isPeer(o) && isStrict(o) && covers(o, pod));
  if (loser)
    return diagnose(
      'MALLA-MTL-08',
      `${nameOf(loser)} pide STRICT, pero en ${pod.metadata.name} gana ${nameOf(by)} con ${rule.mode}`,
      {
        at: by,
        path,
      },
    );
  return (
    elsewhere ?? diagnose('MALLA-MTL-04', `${nameOf(by)} pone ${rule.mode}, que acepta texto plano`, { at: by, path })
  );
}

/** Client and server of the mesh do not speak alike. */
function disagreement(
  scene: Scene,
  { mode, source }: { mode: string | undefined; source: Source | undefined },
  { pod, proxy }: Arrival,
  rule: PeerRule,
): Diagnosis | undefined {
  const by = find(scene, source);
  if (!by || source === undefined) return undefined;
  const at = { at: by, path: source.path.endsWith('.tls') ? `${source.path}.mode` : source.path };
  if (mode === 'disable' && rule.mode === 'STRICT') {
    const server = find(scene, rule.source);
    const asks = server ? nameOf(server) : 'el destino';
    return diagnose('MALLA-MTL-07', `${nameOf(by)} apaga el TLS (DISABLE), y ${asks} exige mTLS`, at);
  }
  if (mode === 'istio-mutual' && (!proxy || rule.mode === 'DISABLE')) {
    const why = proxy ? 'tiene el mTLS apagado' : 'no tiene sidecar';
    return diagnose('MALLA-MTL-10', `${nameOf(by)} exige mTLS (ISTIO_MUTUAL), y ${pod.metadata.name} ${why}`, at);
  }
  if (mode !== 'simple' && mode !== 'mutual') return undefined;
  const written = mode.toUpperCase();
  return diagnose('MALLA-MTL-13', `${nameOf(by)} usa TLS corriente (${written}) con ${pod.metadata.name}`, at);
}

/** An exception that was made for the destination, and does not reach it. */
function exceptionAstray(scene: Scene, { caller }: Journey, { pod, connection }: Arrival): Diagnosis | undefined {
  for (const object of scene.objects.filter((o) => isPeer(o) && covers(o, pod))) {
    const ports = Object.keys(fields(fields(object.spec).portLevelMtls));
    const written = ports.find((p) => isServicePort(scene, pod, Number(p)));
    if (written !== undefined && !ports.includes(String(connection.port)))
      return diagnose(
        'MALLA-MTL-12',
        `${nameOf(object)} habla del puerto ${written}, que es el del Service; el pod escucha en ${connection.port}`,
        { at: object, path: `spec.portLevelMtls.${written}` },
      );
  }
  return misplaced(scene, {
    kind: 'PeerAuthentication',
    pod,
    caller,
    serves: (o) => isLax(o) && selectorOf(o).size > 0,
  });
}

/** Of a Service of the pod, and not a port of the pod itself. */
function isServicePort(scene: Scene, pod: Pod, port: number): boolean {
  return scene.services.some(
    (s) =>
      podsBehind(scene, s).includes(pod) &&
      (s.spec?.ports ?? []).some((p) => p.port === port && p.targetPort !== undefined && p.targetPort !== port),
  );
}

function nobodyAsks(pod: Pod): Diagnosis {
  return diagnose('MALLA-MTL-01', `Ninguna PeerAuthentication exige mTLS en ${pod.metadata.namespace}`);
}

/** An object that is for the pod and says nothing. */
function unset(scene: Scene, pod: Pod): Diagnosis | undefined {
  const object = scene.objects.filter((o) => isPeer(o) && covers(o, pod)).toSorted(byAge)[0];
  if (!object) return undefined;
  return diagnose('MALLA-MTL-04', `${nameOf(object)} no dice ningún modo, y queda el de la malla: PERMISSIVE`, {
    at: object,
    path: 'spec.mtls.mode',
  });
}

function ruleFor(scene: Scene, pod: Pod, port: number): PeerRule {
  return indexPeerAuthentications(scene.objects, rootNamespace).ruleFor(proxyOf(pod, 'sidecar'), port);
}

function isPeer(object: KubeObject): boolean {
  return isIstio(object, 'PeerAuthentication', 'security.istio.io');
}

function isStrict({ spec }: KubeObject): boolean {
  return text(fields(fields(spec).mtls).mode) === 'STRICT';
}

/** Lets plain text in, on all ports or on some. */
function isLax({ spec }: KubeObject): boolean {
  const { mtls, portLevelMtls } = fields(spec);
  return [mtls, ...Object.values(fields(portLevelMtls))].some((m) =>
    /^(PERMISSIVE|DISABLE)$/.test(text(fields(m).mode) ?? ''),
  );
}

function covers(object: KubeObject, pod: Pod): boolean {
  const namespace = namespaceOf(object);
  const selector = selectorOf(object);
  if (namespace === rootNamespace && namespace !== pod.metadata.namespace) return selector.size === 0;
  return namespace === pod.metadata.namespace && hasLabels(pod.metadata.labels, selector);
}

export function find(scene: Scene, source: Source | undefined): KubeObject | undefined {
  if (!source) return undefined;
  return scene.objects.find(
    (o) => o.kind === source.kind && o.metadata.name === source.name && namespaceOf(o) === source.namespace,
  );
}
