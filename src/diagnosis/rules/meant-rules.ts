// The rules of VirtualServices that somebody wrote for a service, whether they are at work or not.
import { covers, fullHost } from '../../mesh/host-names.ts';
import { nameOfService } from '../hosts.ts';
import type { Scene, Service, VirtualService } from '../scene.ts';
import type { HttpRule } from '../specs.ts';

export interface WrittenRule {
  vs: VirtualService;
  rule: HttpRule;
  index: number;
}

/** In every VirtualService of the cluster, in the order of their lists. */
export function writtenRules(scene: Scene, has: (rule: HttpRule) => boolean): WrittenRule[] {
  return scene.virtualServices.flatMap((vs) =>
    (vs.spec?.http ?? []).flatMap((rule, index) => (has(rule) ? [{ vs, rule, index }] : [])),
  );
}

export function namesService(vs: VirtualService, service: Service): boolean {
  const namespace = vs.metadata.namespace ?? 'default';
  return (vs.spec?.hosts ?? []).some((h) => covers(fullHost(h, namespace), nameOfService(service)));
}

/** It names the service as it would in the service's own namespace, and is in another. */
export function isMisplaced({ vs }: WrittenRule, { metadata }: Service): boolean {
  return vs.metadata.namespace !== metadata.namespace && (vs.spec?.hosts ?? []).includes(metadata.name);
}

/** Where the host that is not the service is written; the namespace when the short name is right. */
export function hostPath(vs: VirtualService, service: Service): string {
  return (vs.spec?.hosts ?? [])[0] === service.metadata.name ? 'metadata.namespace' : 'spec.hosts[0]';
}
