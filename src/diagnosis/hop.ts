// One call of a request's way through the mesh: who makes it, to which service, with which headers; and the rule that the
// engine says is at work there.
import type { Decision } from '../mesh/decision.ts';
import type { Chance } from '../mesh/engine.ts';
import { findService } from './hosts.ts';
import { hasSidecar } from './pods.ts';
import { decideAtEntry, decideFrom, type EntryRequest, firstPod } from './prediction.ts';
import { headersBehind } from './propagation.ts';
import type { Pod, Scene, Service, VirtualService } from './scene.ts';
import type { HttpRule } from './specs.ts';

export interface Hop {
  service: Service;
  port: number;
  /** The application's pod that calls; undefined: the gateway does, with the request as it came. */
  caller?: Pod;
  /** What the call carries; lower-case names. */
  headers: Record<string, string>;
  request: EntryRequest;
  /** Of the call itself, where the caller is who sends the request; inside an application it is the caller's business. */
  path?: string;
}

export interface RuleAtWork {
  vs: VirtualService;
  rule: HttpRule;
  index: number;
}

/**
 * The call to the service that a check is about: the one it names, else the one that its path does
 * (`/api/v1/products/0/ratings`). Undefined when no Service is meant, or when nothing comes in.
 */
export function findHop(scene: Scene, request: EntryRequest, about: string | undefined): Hop | undefined {
  const decision = decideAtEntry(scene, request);
  const outcome = decision?.outcome.kind === 'forward' ? decision.outcome : undefined;
  const target = outcome?.service ?? abortedTarget(scene, decision);
  if (!target) return undefined;
  const { namespace } = target;
  const [name = '', own = namespace] = about?.split('.') ?? [];
  const service =
    about === undefined
      ? request.url.pathname
          .split('/')
          .toReversed()
          .map((part) => findService(scene, part, namespace))
          .find((s) => s !== undefined)
      : findService(scene, name, own);
  if (!service) return undefined;
  const port = service.spec?.ports?.[0]?.port ?? 80;
  if (target.name === service.metadata.name && namespace === (service.metadata.namespace ?? 'default'))
    return { service, port, headers: lowerCase(request.headers), request };
  const caller = outcome && firstPod(scene, outcome);
  return caller && { service, port, caller, headers: headersBehind(request), request };
}

/** Where the gateway would have sent what it aborts. */
function abortedTarget(scene: Scene, decision: Decision | undefined): { name: string; namespace: string } | undefined {
  if (decision?.outcome.kind !== 'reply' || !decision.outcome.flags.includes('FI')) return undefined;
  const ruler = ruleAtWork(scene, decision);
  const host = ruler?.rule.route?.[0]?.destination?.host;
  const service = host === undefined ? undefined : findService(scene, host, ruler?.vs.metadata.namespace ?? 'default');
  return service && { name: service.metadata.name, namespace: service.metadata.namespace ?? 'default' };
}

export function decideHop(scene: Scene, { caller, service, port, headers, request, path }: Hop, chance?: Chance) {
  if (!caller) return decideAtEntry(scene, request, chance);
  // Nobody routes for a pod without a sidecar.
  if (!hasSidecar(caller)) return undefined;
  const { name, namespace = 'default' } = service.metadata;
  return decideFrom(
    scene,
    caller,
    { name, namespace, port },
    { headers, ...(chance && { chance }), ...(path && { path }) },
  );
}

/** The rule that decided, if one of a VirtualService did. */
export function ruleAtWork(scene: Scene, decision: Decision | undefined): RuleAtWork | undefined {
  const source = decision?.steps.findLast(
    ({ kind, result, source: s }) => kind === 'rule' && result === 'matched' && s?.kind === 'VirtualService',
  )?.source;
  const index = Number(/^spec\.http\[(\d+)\]/.exec(source?.path ?? '')?.[1]);
  const vs = scene.virtualServices.find(
    ({ metadata }) => metadata.name === source?.name && metadata.namespace === source.namespace,
  );
  const rule = vs?.spec?.http?.[index];
  return vs && rule && { vs, rule, index };
}

/** Who calls, to be named in a sentence. */
export function callerName({ caller }: Pick<Hop, 'caller'>): string {
  return caller?.metadata.labels?.app ?? caller?.metadata.name ?? 'la pasarela';
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
