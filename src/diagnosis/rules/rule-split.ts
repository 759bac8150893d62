// What split one rule of a VirtualService gives, in the classes of a check.

import { fullHost } from '../../mesh/host-names.ts';
import { nameOfService } from '../hosts.ts';
import { isReady } from '../pods.ts';
import type { Scene, VirtualService } from '../scene.ts';
import type { HttpRule } from '../specs.ts';
import { podsBehind, rulesFor, type Subset, subsetsOf } from '../subsets.ts';
import type { SplitQuestion } from './split-question.ts';

export interface RuleSplit {
  index: number;
  /** Class → share of the rule's traffic; `otro` for what is of no class. */
  shares: Record<string, number>;
  destinations: RouteShare[];
}

export interface RouteShare {
  /** `spec.http[0].route[1]`. */
  path: string;
  share: number;
  weight: number | undefined;
  subset?: string;
  /** Undefined when the subset is not defined. */
  selected?: Subset | undefined;
  /** Of the pods that it reaches. */
  classes: string[];
}

export function splitOfRule(
  scene: Scene,
  question: Omit<SplitQuestion, 'natural' | 'expected'>,
  vs: VirtualService,
  rule: HttpRule,
  index: number,
): RuleSplit {
  const { target, callerNamespace } = question;
  const subsets = subsetsOf(rulesFor(scene, target.service, callerNamespace));
  const routes = rule.route ?? [];
  // A single destination takes everything, whatever its weight says.
  const total = routes.length === 1 ? 0 : routes.reduce((sum, r) => sum + (r.weight ?? 0), 0);
  const shares: Record<string, number> = {};
  const destinations = routes.map((route, j): RouteShare => {
    const share = routes.length === 1 ? 1 : total > 0 ? (route.weight ?? 0) / total : 0;
    const { host = '', subset } = route.destination ?? {};
    const here = fullHost(host, vs.metadata.namespace ?? 'default') === nameOfService(target.service);
    const selected = subset === undefined ? undefined : subsets.find((s) => s.name === subset);
    const pods =
      !here || (subset !== undefined && !selected) ? [] : podsBehind(scene, target.service, selected).filter(isReady);
    const classes = pods.map((p) => target.classOf.get(p.metadata.name) ?? 'otro');
    if (classes.length === 0) shares.otro = (shares.otro ?? 0) + share;
    for (const name of classes) shares[name] = (shares[name] ?? 0) + share / classes.length;
    return {
      path: `spec.http[${index}].route[${j}]`,
      share,
      weight: route.weight,
      ...(subset === undefined ? {} : { subset }),
      selected,
      classes: [...new Set(classes)],
    };
  });
  return { index, shares, destinations };
}

/** Equal but for rounding: half a point of a hundred. */
export function closeShares(a: Record<string, number>, b: Record<string, number>): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((k) => Math.abs((a[k] ?? 0) - (b[k] ?? 0)) < 0.005);
}
