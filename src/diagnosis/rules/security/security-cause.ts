// Who is let in and who is not: from what was to happen and what happened to the rule that decides it.
import type { Diagnosis } from '../../diagnosis.ts';
import type { Scene } from '../../scene.ts';
import type { End, Journey } from '../../security/journey.ts';
import { whyAdmitted, whyDenied } from './authorization-cause.ts';
import { whyCut, whyNotCut } from './peer-cause.ts';
import { whyTokenRefused, whyTokenUnseen } from './token-cause.ts';

/** How security may end a request: let in, 403, 401, or a connection that is cut. */
export type Gate = 'in' | 'denied' | 'unauthenticated' | 'cut';

export interface SecurityQuestion {
  journey: Journey;
  wanted: Gate;
  seen: Gate;
  /** Of the answer that was seen. */
  body: string;
}

/** Undefined: the stored configuration gives what is wanted, or what was seen has nothing to do with it. */
export function securityCause(scene: Scene, { journey, wanted, seen, body }: SecurityQuestion): Diagnosis | undefined {
  if (wanted === seen) return undefined;
  // What a proxy says of a token is certain, whatever the engine makes of its dates.
  const refused = seen === 'unauthenticated' || /^(Jwt|Jwks|Audiences in Jwt)/.test(body);
  if (refused) return whyTokenRefused(scene, journey, body);
  const stored = gateOf(journey.end);
  if (stored !== undefined && stored !== seen) return undefined;
  if (seen === 'cut') return whyCut(scene, journey);
  if (wanted === 'cut') return whyNotCut(scene, journey);
  if (wanted === 'unauthenticated') {
    const unseen = whyTokenUnseen(scene, journey);
    return unseen ?? (seen === 'denied' ? whyDenied(scene, journey) : undefined);
  }
  return seen === 'denied' ? whyDenied(scene, journey) : whyAdmitted(scene, journey);
}

/** Undefined: nobody knows. */
export function gateOf(end: End): Gate | undefined {
  if (end.kind === 'application') return 'in';
  if (end.kind === 'cut') return 'cut';
  return end.kind === 'reply' ? gateOfAnswer(end) : undefined;
}

/** Of an answer with a status. */
export function gateOfAnswer({ status, body }: { status: number; body: string }): Gate {
  if (status === 401 && /^Jw(t|ks) /.test(body)) return 'unauthenticated';
  if (status === 403 && /^(RBAC: access denied|Audiences in Jwt)/.test(body)) return 'denied';
  // The caller's own proxy says so of a connection that the server's has cut.
  return status === 503 && body.startsWith('upstream connect error or disconnect/reset before headers') ? 'cut' : 'in';
}

export function gateOfStatus(status: number): Gate {
  if (status === 401) return 'unauthenticated';
  return status === 403 ? 'denied' : 'in';
}
