// A VirtualService for any host, left by an earlier lab, takes the requests that the one of this lab misses: the 404 is its
// own, and the mistake is elsewhere.
import { covers } from '../../mesh/host-names.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { selectsGatewayPods } from '../gateway-pods.ts';
import type { Gateway, Scene, VirtualService } from '../scene.ts';
import {
  bindings,
  coversHost,
  forOtherHosts,
  idOf,
  isNearly,
  notAdmitted,
  openGateways,
  otherPort,
  withoutNamespace,
} from './entry.ts';

/** Of a request that got 404 at the entry. */
export function takenByAnyHost(scene: Scene, url: URL, host: string): Diagnosis | undefined {
  const open = openGateways(scene, url);
  const taker = scene.virtualServices.find((vs) => isForAny(vs) && isBound(vs, open));
  if (!taker) return undefined;
  const others = scene.virtualServices.filter((vs) => vs !== taker);
  for (const vs of others.filter((o) => coversHost(o, host))) {
    const own = scene.gateways.filter((g) => isBound(vs, [g]) && selectsGatewayPods(scene, g));
    const [shut] = own;
    if (shut && !own.some((g) => open.includes(g))) return otherPort(scene, shut, url);
    const [closed] = own.filter((g) => open.includes(g));
    const admitting = own.some((g) => admittedBy(g).some((h) => covers(h, host)));
    if (closed && !admitting)
      return notAdmitted(closed, { host, admitted: admittedBy(closed), path: 'spec.servers[0].hosts' });
  }
  const near = others.find((vs) => isBound(vs, scene.gateways) && isNearly(vs, host));
  return near && forOtherHosts(near, host);
}

function isForAny(vs: VirtualService): boolean {
  return (vs.spec?.hosts ?? []).includes('*');
}

function isBound(vs: VirtualService, gateways: readonly Gateway[]): boolean {
  return gateways.some((g) => bindings(vs).includes(idOf(g)));
}

function admittedBy({ spec }: Gateway): string[] {
  return (spec?.servers ?? []).flatMap((server) => server.hosts ?? []).map(withoutNamespace);
}
