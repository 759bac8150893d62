// Why a proxy does not note the flag that a check looks for in its log: FI is the work of a rule's fault, NR of a host whose
// rules all leave the request out.
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import { decideHop, type Hop, ruleAtWork } from '../../hop.ts';
import type { Pod, Scene } from '../../scene.ts';
import type { Symptom } from '../../symptom.ts';
import { faultCause } from '../faults.ts';
import { namesService } from '../meant-rules.ts';
import { hopFrom, serviceOf } from '../pod-request.ts';
import { strayRule } from '../stray-rules.ts';

type LogPattern = Extract<Symptom, { type: 'registro' }>['pattern'];

/** `caller` is the pod that sends the request and in whose proxy the line should be. */
export function flagCause(scene: Scene, { line, request }: LogPattern, caller: Pod | undefined): Diagnosis | undefined {
  if (!request || !('from' in request) || !caller) return undefined;
  const service = serviceOf(scene, caller, request.url);
  if (!service) return undefined;
  const hop = hopFrom(caller, service, request);
  if (/\bFI\b/.test(line)) return strayRule(scene) ?? faultCause(scene, hop, { abort: statusIn(line), share: 1 });
  if (/\bNR\b/.test(line)) return strayRule(scene) ?? routed(scene, hop);
  return undefined;
}

/** Some rule takes the request, or the host has none. */
function routed(scene: Scene, hop: Hop): Diagnosis | undefined {
  const { pathname } = hop.request.url;
  const ruler = ruleAtWork(scene, decideHop(scene, hop));
  if (ruler && namesService(ruler.vs, hop.service))
    return diagnose(
      'MALLA-RUT-25',
      `La regla ${ruler.index + 1} de ${nameOf(ruler.vs)} recoge ${pathname}, y ninguna debía hacerlo`,
      { at: ruler.vs, path: `spec.http[${ruler.index}].match` },
    );
  const own = scene.virtualServices.filter(({ spec }) => !spec?.gateways || spec.gateways.includes('mesh'));
  if (own.some((vs) => namesService(vs, hop.service))) return undefined;
  return diagnose('MALLA-RUT-05', `Ningún VirtualService es para ${hop.service.metadata.name}`, { at: hop.service });
}

/** `503` in `"GET /x HTTP/1\.1" 503 FI`; true when the line asks for none. */
function statusIn(line: string): number | true {
  const status = /" ?(\d{3})\b/.exec(line)?.[1];
  return status === undefined ? true : Number(status);
}
