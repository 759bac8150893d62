// The status of an HTTPRoute or a GRPCRoute: for each parent of Istio's whether it took the route, and whether all that
// the route names is there.
import { fields } from '../read.ts';
import { readParentRef, refText } from './api.ts';
import type { ApiRoute } from './api-route.ts';
import { CONTROLLER } from './classes.ts';
import { type Condition, condition } from './conditions.ts';
import { type Attachment, DENIALS, type Denial } from './parents.ts';

export interface ParentStatus {
  parentRef: unknown;
  controllerName: string;
  conditions: Condition[];
}

/** References by the text that orders them; those to parents that are not Istio's are not among them. */
export function parentStatuses(route: ApiRoute): ParentStatus[] {
  const byRef = new Map<number, Attachment[]>();
  for (const attachment of route.attachments) {
    byRef.set(attachment.index, [...(byRef.get(attachment.index) ?? []), attachment]);
  }
  return [...byRef.values()]
    .map((attachments) => ({ text: textOf(attachments), status: statusOf(route, attachments) }))
    .sort((a, b) => (a.text > b.text ? -1 : Number(a.text < b.text)))
    .map(({ status }) => status);
}

/** Two entries of `parents` that are about the same reference. */
export function sameParent(one: unknown, other: unknown, namespace: string): boolean {
  const text = (ref: unknown) => refText(readParentRef(ref, namespace));
  return text(one) === text(other);
}

function textOf([first]: readonly Attachment[]): string {
  return first ? refText(first.ref) : '';
}

function statusOf(route: ApiRoute, attachments: readonly Attachment[]): ParentStatus {
  const bound = attachments.filter(({ denied }) => !denied).length;
  const conversion = attachments.some(({ gateway }) => gateway) ? route.atGateways : route.inMesh;
  const valid = bound > 1 ? `Route was valid, bound to ${bound} parents` : 'Route was valid';
  return {
    parentRef: fields(attachments[0]?.written),
    controllerName: CONTROLLER,
    conditions: [
      condition('Accepted', 'Accepted', valid, bound > 0 ? undefined : gravest(attachments)),
      condition('ResolvedRefs', 'ResolvedRefs', 'All references resolved', conversion?.error),
    ],
  };
}

/** All messages of the gravest reason. */
function gravest(attachments: readonly Attachment[]): Denial | undefined {
  const denials = attachments.flatMap(({ denied }) => denied ?? []);
  const reason = DENIALS.find((known) => denials.some((denial) => denial.reason === known));
  const messages = denials.filter((denial) => denial.reason === reason).map(({ message }) => message);
  return reason && { reason, message: messages.join('; ') };
}
