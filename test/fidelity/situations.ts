// Every situation, in the order in which they are played.
import type { Behaviour, Situation } from './behaviour.ts';
import { actions } from './behaviours/actions.ts';
import { badInput } from './behaviours/bad-input.ts';
import { destinations } from './behaviours/destinations.ts';
import { entry } from './behaviours/entry.ts';
import { failures } from './behaviours/failures.ts';
import { gatewayApi } from './behaviours/gateway-api.ts';
import { matching } from './behaviours/matching.ts';
import { proxyStats } from './behaviours/proxy-stats.ts';
import { registry } from './behaviours/registry.ts';
import { repeatedHeaders } from './behaviours/repeated-headers.ts';
import { security } from './behaviours/security.ts';
import { sidecarIngress } from './behaviours/sidecar-ingress.ts';
import { telemetries } from './behaviours/telemetry.ts';
import { validations } from './behaviours/validation.ts';

export const situations: Situation[] = [
  ...matching,
  ...repeatedHeaders,
  ...actions,
  ...failures,
  ...destinations,
  ...entry,
  ...gatewayApi,
  ...security,
  ...registry,
  ...sidecarIngress,
  ...telemetries,
  ...proxyStats,
  ...badInput,
  ...validations,
];

export interface Listed {
  id: string;
  situation: Situation;
  behaviour: Behaviour;
}

export const behaviours: Listed[] = situations.flatMap((situation) =>
  situation.behaviours.map((behaviour) => ({ id: `${situation.id}/${behaviour.id}`, situation, behaviour })),
);
