// Why a request from a pod does not get what is expected: the client, the name, the service behind it, and who is let in.
import { hostOf } from '../../mesh/host-names.ts';
import type { CurlAnswer } from '../../traffic/curl-request.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { sickWorkload } from '../health.ts';
import { decideHop, type Hop, ruleAtWork } from '../hop.ts';
import type { Pod, Scene, Service } from '../scene.ts';
import { journeyFromPod } from '../security/journey.ts';
import type { Symptom } from '../symptom.ts';
import { closest } from '../typo.ts';
import { brokenRoute, brokenService } from './destination.ts';
import { bindings } from './entry.ts';
import { overreach } from './matches.ts';
import { namesService } from './meant-rules.ts';
import { type Gate, gateOfAnswer, gateOfStatus, securityCause } from './security/security-cause.ts';
import { tooFewPods } from './workloads.ts';

type PodRequestSymptom = Extract<Symptom, { type: 'peticion' }>;

export function podRequestCause(scene: Scene, { pattern, client, answer }: PodRequestSymptom): Diagnosis {
  const { namespace, selector } = pattern.from;
  if (!client || !answer)
    return (
      tooFewPods(scene, { namespace, selector, atLeast: 1 }) ??
      diagnose('MALLA-SAL-06', `Los pods con ${selector} de ${namespace} acaban de cambiar`)
    );
  if (answer.failure === 'no-curl')
    return diagnose('MALLA-PET-01', `En ${nameOf(client)} no se encuentra el programa curl`, { at: client });
  const service = serviceOf(scene, client, pattern.url);
  if (!service) return unknownName(scene, client, pattern.url, answer) ?? asSeen(pattern, answer);
  return (
    brokenTarget(scene, service, answer) ??
    brokenRule(scene, hopFrom(client, service, pattern), answer) ??
    entryRefused(scene, client, service, pattern, answer) ??
    asSeen(pattern, answer)
  );
}

/** What security did with it is not what was wanted. */
function entryRefused(
  scene: Scene,
  client: Pod,
  service: Service,
  pattern: PodRequestSymptom['pattern'],
  answer: CurlAnswer,
): Diagnosis | undefined {
  const { failure, body } = answer;
  const seen = failure === 'reset' ? 'cut' : failure === undefined ? gateOfAnswer(answer) : undefined;
  const wanted = wantedGate(pattern);
  if (!seen || !wanted) return undefined;
  const { name, namespace } = client.metadata;
  const caller = scene.pods.find((p) => p.metadata.name === name && p.metadata.namespace === namespace) ?? client;
  return securityCause(scene, { journey: journeyFromPod(scene, caller, service, pattern), wanted, seen, body });
}

function wantedGate({ expected }: PodRequestSymptom['pattern']): Gate | undefined {
  if ('status' in expected) return gateOfStatus(expected.status);
  return expected.failure === 'reset' ? 'cut' : undefined;
}

/** The Service that a URL means when it is written inside a pod. */
export function serviceOf(scene: Scene, client: Pod, url: string): Service | undefined {
  const [name, namespace = client.metadata.namespace, kind = 'svc'] = hostOf(new URL(url).host).split('.');
  if (kind !== 'svc') return undefined;
  return scene.services.find((s) => s.metadata.name === name && s.metadata.namespace === namespace);
}

function unknownName(scene: Scene, client: Pod, url: string, answer: CurlAnswer): Diagnosis | undefined {
  const host = hostOf(new URL(url).host);
  const [name = '', namespace = client.metadata.namespace] = host.split('.');
  const elsewhere = scene.services.find((s) => s.metadata.name === name);
  const meant = elsewhere ?? closest(name, scene.services, (s) => s.metadata.name);
  if (elsewhere) {
    return diagnose(
      'MALLA-PET-07',
      `No hay ningún Service ${name} en ${namespace}: está en ${elsewhere.metadata.namespace}`,
      {
        at: elsewhere,
        path: 'metadata.namespace',
      },
    );
  }
  if (meant) {
    return diagnose('MALLA-PET-07', `No hay ningún Service ${name}; hay uno que se llama «${meant.metadata.name}»`, {
      at: meant,
      path: 'metadata.name',
    });
  }
  return answer.failure === 'dns' ? diagnose('MALLA-PET-07', `No hay ningún Service que se llame ${name}`) : undefined;
}

/** Nobody is there to answer. */
function brokenTarget(scene: Scene, service: Service, { status, failure }: CurlAnswer): Diagnosis | undefined {
  if (failure === undefined && status < 500) return undefined;
  return sickWorkload(scene, [service]) ?? brokenService(scene, service);
}

/** The rule that takes the request sends it nowhere, or answers in place of the service; or none takes it. */
function brokenRule(scene: Scene, hop: Hop, { status, failure, body }: CurlAnswer): Diagnosis | undefined {
  if (failure !== undefined || status < 400) return undefined;
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  if (status === 404 && !ruler) return untaken(scene, hop);
  if (!ruler) return undefined;
  if (ruler.rule.fault && body.startsWith('fault filter abort')) return overreach(scene, hop, ruler);
  return status >= 500 ? brokenRoute(scene, ruler, hop.caller?.metadata.namespace ?? 'default') : undefined;
}

function untaken(scene: Scene, { service, request }: Hop): Diagnosis | undefined {
  const vs = scene.virtualServices.find((v) => bindings(v).includes('mesh') && namesService(v, service));
  if (!vs) return undefined;
  return diagnose('MALLA-RUT-03', `Ninguna regla de ${nameOf(vs)} recoge ${request.url.pathname}`, {
    at: vs,
    path: 'spec.http',
  });
}

interface PodRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
}

/** The call that a pod makes by itself: all of it is known. */
export function hopFrom(caller: Pod, service: Service, { url: written, method, headers }: PodRequest): Hop {
  const url = new URL(written);
  const carried = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const path = `${url.pathname}${url.search}`;
  const port = Number(url.port || 80);
  return { service, port, caller, headers: carried, request: { url, method, headers }, path };
}

const failures = {
  refused: 'se rechaza',
  dns: 'no llega a salir: el nombre no se resuelve',
  timeout: 'se queda sin respuesta',
  reset: 'se corta',
  other: 'falla',
  'no-curl': 'falla',
};

/** Only what was seen. */
function asSeen({ url, expected, contains, excludes }: PodRequestSymptom['pattern'], answer: CurlAnswer): Diagnosis {
  const { status, failure, body, message } = answer;
  if (failure) {
    const words = message ? ` («${message.split('\n')[0]?.slice(0, 120)}»)` : '';
    const code = failure === 'dns' ? 'MALLA-PET-02' : 'MALLA-PET-05';
    return diagnose(code, `La petición a ${url} ${failures[failure]}${words}`);
  }
  if ('failure' in expected) return diagnose('MALLA-PET-06', `${url} responde ${status}, y no debía haber respuesta`);
  if (status !== expected.status)
    return diagnose('MALLA-PET-03', `${url} responde ${status}, y se espera ${expected.status}`);
  const missing = contains.find((text) => !body.includes(text));
  if (missing !== undefined) return diagnose('MALLA-PET-04', `La respuesta de ${url} no contiene «${missing}»`);
  const left = excludes.find((text) => body.includes(text));
  return diagnose('MALLA-PET-04', `La respuesta de ${url} contiene «${left ?? ''}», y no debería`);
}
