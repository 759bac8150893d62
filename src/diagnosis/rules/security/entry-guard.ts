// Who is not let in on the way from the entry, at the gateway, at the first service or at the one behind that answers.
import type { Diagnosis } from '../../diagnosis.ts';
import { findHop } from '../../hop.ts';
import { requestTo } from '../../prediction.ts';
import type { Scene } from '../../scene.ts';
import { journeyFromEntry, journeyFromPod } from '../../security/journey.ts';
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
  const hop = answer.status === 403 || pattern.status === 403 ? findHop(scene, request, pattern.about) : undefined;
  if (!hop?.caller) return undefined;
  const { name, namespace } = hop.service.metadata;
  const behind = journeyFromPod(scene, hop.caller, hop.service, {
    url: `http://${name}.${namespace}:${hop.port}/${name}/0`,
    method: 'GET',
    headers: hop.headers,
  });
  return securityCause(scene, { journey: behind, wanted, seen: gateOfStatus(answer.status), body: '' });
}
