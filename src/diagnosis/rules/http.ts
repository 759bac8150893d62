// Why a request at the entry does not get the answer that is expected.
import type { Decision } from '../../mesh/decision.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { sickWorkload } from '../health.ts';
import { findService } from '../hosts.ts';
import { decideAtEntry, type EntryRequest, firstPod, hostOf, requestTo } from '../prediction.ts';
import { rootNamespace, type Scene, type Service, type VirtualService } from '../scene.ts';
import type { Symptom } from '../symptom.ts';
import { asksForFall, behaviourCause, leftoverFault } from './behaviour.ts';
import { brokenDestination, brokenService } from './destination.ts';
import { bindings, closedEntry, openToAnyone, unboundEntry, wrongProtocol } from './entry.ts';
import { serviceEntryCause } from './gateway-api.ts';
import { brokenTls, wrongRedirect } from './gateway-tls.ts';
import { missedAtEntry } from './matches.ts';
import { deploymentOf, ownerOf } from './owner.ts';
import { interferingPolicy } from './policy.ts';
import { stillStanding } from './resilience.ts';
import { entryGuard } from './security/entry-guard.ts';
import { hiddenRule, misplacedRule } from './stray-rules.ts';
import { takenByAnyHost } from './taken-by-any-host.ts';
import { earlyTimeout } from './timeouts.ts';

type HttpSymptom = Extract<Symptom, { type: 'http' }>;

export function httpCause(scene: Scene, symptom: HttpSymptom): Diagnosis {
  const { pattern, url, answer } = symptom;
  const request = requestTo(url, pattern, pattern.method);
  const found =
    gatewayCause(scene, symptom) ??
    behaviourCause(scene, symptom) ??
    unexpectedFailure(scene, symptom) ??
    entryGuard(scene, symptom) ??
    entryCause(scene, request, answer.failure ?? answer.status);
  if (found) return found;
  if (answer.status !== pattern.status)
    return (
      (pattern.status >= 500 && answer.status < 400 ? (misplacedRule(scene) ?? hiddenRule(scene)) : undefined) ??
      diagnose('MALLA-RED-04', `${url.pathname} responde ${answer.status}, y se espera ${pattern.status}`)
    );
  const missing = pattern.contains.find((text) => !answer.body.includes(text));
  const extra = pattern.lacks?.find((text) => answer.body.includes(text));
  return (
    applicationCause(scene, request) ??
    (pattern.about === undefined ? leftoverFault(scene) : undefined) ??
    diagnose(
      'MALLA-RED-05',
      extra === undefined || missing !== undefined
        ? `La respuesta de ${url.pathname} no contiene «${missing ?? ''}»`
        : `La respuesta de ${url.pathname} contiene «${extra}»`,
    )
  );
}

/** What the way in answers by itself, where something else is expected. */
function gatewayCause(scene: Scene, { pattern, url, answer }: HttpSymptom): Diagnosis | undefined {
  if (answer.failure) return undefined;
  const request = requestTo(url, pattern, pattern.method);
  const { status: expected, about } = pattern;
  return (
    (asksForFall(pattern) && answer.status < 400 && about ? fallOf(scene, request, about) : undefined) ??
    wrongRedirect(scene, request, { expected, seen: answer.status }) ??
    openToAnyone(scene, request, { expected, seen: answer.status })
  );
}

/** The service stands beside the one that the entry leads to, unless its name says where. */
function fallOf(scene: Scene, request: EntryRequest, about: string): Diagnosis | undefined {
  const namespace = entryService(scene, decideAtEntry(scene, request))?.metadata.namespace ?? 'default';
  return stillStanding(scene, about, namespace);
}

/** Answers that rules of the mesh make, where a good one is expected. */
function unexpectedFailure(scene: Scene, { pattern, answer }: HttpSymptom): Diagnosis | undefined {
  if (pattern.status >= 400 || answer.failure || answer.status < 400) return undefined;
  const late = answer.status === 504 ? earlyTimeout(scene) : undefined;
  return late ?? (answer.body.startsWith('fault filter abort') ? leftoverFault(scene) : undefined);
}

/** The cause of a failure by its kind; undefined for an answer that is not a failure of the way in. */
export function entryCause(scene: Scene, request: EntryRequest, seen: number | string): Diagnosis | undefined {
  const { url } = request;
  const own = serviceEntryCause(scene, request, seen);
  if (own) return own;
  const tls = typeof seen === 'string' ? brokenTls(scene, request) : undefined;
  if (tls) return tls;
  if (seen === 426) return oldProtocol(scene, request);
  if (seen === 'refused')
    return closedEntry(scene, url) ?? diagnose('MALLA-RED-01', `${url.origin} rechaza la conexión`);
  if (typeof seen === 'string')
    return wrongProtocol(scene, url) ?? diagnose('MALLA-RED-06', `${url.origin} no contesta (${seen})`);
  if (seen === 404) return notFound(scene, request);
  if (seen === 401 || seen === 403)
    return (
      interferingPolicy(scene, `La respuesta es ${seen}`) ??
      diagnose('MALLA-RED-04', `${url.pathname} responde ${seen}`)
    );
  if (seen >= 500)
    return (
      applicationCause(scene, request) ??
      interferingPolicy(scene, `La respuesta es ${seen}`) ??
      diagnose('MALLA-RED-03', `${url.pathname} responde ${seen}`)
    );
  return undefined;
}

/** Envoy takes no HTTP/1.0: whoever calls through a sidecar with it is told so. */
function oldProtocol(scene: Scene, request: EntryRequest): Diagnosis {
  const outcome = decideAtEntry(scene, request)?.outcome;
  const pod = outcome?.kind === 'forward' ? firstPod(scene, outcome) : undefined;
  const who = pod ? (deploymentOf(scene, pod)?.metadata.name ?? pod.metadata.name) : 'Un programa';
  return diagnose('MALLA-RED-08', `La respuesta es 426: ${who} llama a los de detrás por HTTP/1.0`, {
    at: pod && ownerOf(scene, pod),
  });
}

/** The services that the entry leads to: the one that it routes to, and the rest of its namespace. */
export function servicesBehind(scene: Scene, request: EntryRequest): Service[] {
  const service = entryService(scene, decideAtEntry(scene, request));
  if (!service) return [];
  return scene.services.filter((s) => s === service || s.metadata.namespace === service.metadata.namespace);
}

function notFound(scene: Scene, request: EntryRequest): Diagnosis {
  const { url } = request;
  const host = hostOf(request).replace(/:\d+$/, '');
  const meant = unboundEntry(scene, url, host) ?? takenByAnyHost(scene, url, host);
  if (meant) return meant;
  const decision = decideAtEntry(scene, request);
  if (decision?.outcome.kind === 'reply' && decision.outcome.status === 404) {
    const missed = missedAtEntry(scene, request, boundToGateways(scene));
    if (missed) return missed;
    const vs = boundToGateways(scene)[0];
    return diagnose('MALLA-RUT-03', `Ninguna regla ${vs ? `de ${nameOf(vs)} ` : ''}recoge ${url.pathname}`, {
      at: vs,
      path: 'spec.http',
    });
  }
  return diagnose('MALLA-RED-02', `${url.pathname} responde 404`);
}

/** Along the way of the request: the gateway's destinations, then those inside the mesh, then the Services. */
export function applicationCause(scene: Scene, request: EntryRequest): Diagnosis | undefined {
  const behind = servicesBehind(scene, request);
  const sick = sickWorkload(scene, behind);
  if (sick) return sick;
  for (const vs of boundToGateways(scene)) {
    const found = brokenRoutes(scene, vs, rootNamespace);
    if (found) return found;
  }
  const namespaces = new Set(behind.map((s) => s.metadata.namespace));
  for (const vs of scene.virtualServices) {
    const namespace = vs.metadata.namespace ?? 'default';
    const found =
      namespaces.has(namespace) && bindings(vs).includes('mesh') ? brokenRoutes(scene, vs, namespace) : undefined;
    if (found) return found;
  }
  return behind
    .filter((s) => Object.keys(s.spec?.selector ?? {}).length > 0)
    .map((s) => brokenService(scene, s))
    .find((d) => d !== undefined);
}

function brokenRoutes(scene: Scene, vs: VirtualService, callerNamespace: string): Diagnosis | undefined {
  for (const [i, rule] of (vs.spec?.http ?? []).entries()) {
    for (const [j, route] of (rule.route ?? []).entries()) {
      if (route.weight === 0) continue;
      const path = `spec.http[${i}].route[${j}].destination`;
      const found = brokenDestination(scene, { vs, path, destination: route.destination ?? {}, callerNamespace });
      if (found) return found;
    }
  }
  return undefined;
}

function boundToGateways(scene: Scene): VirtualService[] {
  return scene.virtualServices.filter((vs) => bindings(vs).some((b) => b !== 'mesh'));
}

/** Also when the gateway finds no pod: its cluster's name says which service it looked for. */
function entryService(scene: Scene, decision: Decision | undefined): Service | undefined {
  const outcome = decision?.outcome;
  if (outcome?.kind === 'forward') return findService(scene, outcome.service.name, outcome.service.namespace);
  if (outcome?.kind !== 'reply') return undefined;
  const host = outcome.cluster?.split('|')[3];
  return host ? findService(scene, host, 'default') : undefined;
}
