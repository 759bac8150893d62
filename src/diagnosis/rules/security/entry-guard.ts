// Who is not let in on the way from the entry, at the gateway, at the first service or at the one behind that answers.
import type { Diagnosis } from '../../diagnosis.ts';
import { findHop } from '../../hop.ts';
import { decideAtEntry, type EntryRequest, firstPod, requestTo } from '../../prediction.ts';
import type { Pod, Scene, Service } from '../../scene.ts';
import { type Journey, journeyFromEntry, journeyFromPod } from '../../security/journey.ts';
import { podsBehind } from '../../subsets.ts';
import type { Symptom } from '../../symptom.ts';
import { gateOfAnswer, gateOfStatus, securityCause } from './security-cause.ts';

type HttpSymptom = Extract<Symptom, { type: 'http' }>;

export function entryGuard(scene: Scene, { pattern, url, answer }: HttpSymptom): Diagnosis | undefined {
  if (answer.failure) return undefined;
  const request = requestTo(url, pattern, pattern.method);
  const journey = journeyFromEntry(scene, request);
  const wanted = gateOfStatus(pattern.status);
  const { body } = answer;
  const first = journey && securityCause(scene, { journey, wanted, seen: gateOfAnswer(answer), body });
  if (first) return first;
  // The first service says with its own words what the one behind it answered.
  if (answer.status !== 403 && pattern.status !== 403) return undefined;
  const seen = gateOfStatus(answer.status);
  for (const behind of journeysBehind(scene, request, pattern.about)) {
    const cause = securityCause(scene, { journey: behind, wanted, seen, body: '' });
    if (cause) return cause;
  }
  return undefined;
}

/** From the first service to the one that the check is about, or to any other of its namespace. */
function* journeysBehind(scene: Scene, request: EntryRequest, about: string | undefined): Generator<Journey> {
  const hop = findHop(scene, request, about);
  if (hop && !hop.caller) return;
  const outcome = decideAtEntry(scene, request)?.outcome;
  const caller = hop?.caller ?? (outcome?.kind === 'forward' ? firstPod(scene, outcome) : undefined);
  if (!caller) return;
  for (const service of hop ? [hop.service] : servicesOf(scene, caller)) {
    const { name, namespace } = service.metadata;
    const port = service.spec?.ports?.[0]?.port ?? 80;
    const path = `/${programBehind(scene, service)}/0`;
    const asked = { url: `http://${name}.${namespace}:${port}${path}`, method: 'GET', headers: hop?.headers ?? {} };
    yield journeyFromPod(scene, caller, service, asked);
  }
}

/** Of Bookinfo's: its paths begin with the name of the program, whatever its Service is called. */
function programBehind(scene: Scene, service: Service): string {
  const images = podsBehind(scene, service).flatMap(({ spec }) => (spec?.containers ?? []).map(({ image }) => image));
  const found = images.map((image) => /examples-bookinfo-([a-z]+)-v\d/.exec(image ?? '')?.[1]).find((name) => name);
  return found ?? service.metadata.name;
}

function servicesOf(scene: Scene, caller: Pod): Service[] {
  return scene.services.filter(
    (s) => s.metadata.namespace === caller.metadata.namespace && !podsBehind(scene, s).includes(caller),
  );
}
