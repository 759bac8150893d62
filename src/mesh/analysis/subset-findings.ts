// DestinationRules without workloads behind them: IST0173, IST0174. Subsets that ingress traffic never sees: IST0140.
import { namespaceOf } from '../config-objects.ts';
import { fullHost } from '../host-names.ts';
import type { KubeObject } from '../objects.ts';
import { fields, hasLabels, items, stringMap, text, texts } from '../read.ts';
import { destinationsOf } from './destinations.ts';
import { type Finding, fullName, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

export function emptySubsets(scene: Scene): Finding[] {
  return scene.destinationRules.flatMap((rule) => {
    const { host, subsets } = fields(rule.spec);
    const service = scene.service(text(host) ?? '', namespaceOf(rule));
    if (!service || service.selector.size === 0) return [];
    const pods = scene.services
      .pods(service.namespace)
      .filter((pod) => hasLabels(pod.metadata.labels, service.selector));
    return items(subsets).flatMap((item, index) => {
      const { name, labels } = fields(item);
      const wanted = stringMap(labels);
      if (wanted.size === 0 || pods.some((pod) => hasLabels(pod.metadata.labels, wanted))) return [];
      const message = `The Subset ${text(name) ?? ''} defined in the DestinationRule does not select any pods. Which may lead to 503 UH (NoHealthyUpstream).`;
      const object = sourceOf(rule, `spec.subsets[${index}].labels`);
      return [{ code: 'IST0173', level: 'Error' as const, object, text: message }];
    });
  });
}

export function unknownRuleHosts(scene: Scene): Finding[] {
  return scene.destinationRules.flatMap((rule) => {
    const host = text(fields(rule.spec).host) ?? '';
    if (scene.isKnownHost(host, namespaceOf(rule))) return [];
    const message = `The host ${host} defined in the DestinationRule does not match any services in the mesh.`;
    return [{ code: 'IST0174', level: 'Warning' as const, object: sourceOf(rule, 'spec.host'), text: message }];
  });
}

/** A gateway obeys only VirtualServices that are bound to it. */
export function subsetsLostAtIngress({ virtualServices }: Scene): Finding[] {
  const inMesh = virtualServices.filter((v) => gatewaysOf(v).every((g) => g === 'mesh') && namesSubset(v));
  return virtualServices.flatMap((object) => {
    if (gatewaysOf(object).every((g) => g === 'mesh')) return [];
    const namespace = namespaceOf(object);
    const plain = destinationsOf(object).filter((d) => !d.mirror && d.subset === '');
    return inMesh.flatMap((other) => {
      const hosts = texts(fields(other.spec).hosts).map((host) => fullHost(host, namespaceOf(other)));
      const lost = plain.find((d) => hosts.includes(fullHost(d.host, namespace)));
      if (!lost) return [];
      const message = `Subset in virtual service ${fullName(other)} has no effect on ingress gateway ${fullName(object)} requests`;
      return [{ code: 'IST0140', level: 'Warning' as const, object: sourceOf(object, lost.path), text: message }];
    });
  });
}

/** None means mesh. */
function gatewaysOf({ spec }: KubeObject): string[] {
  return texts(fields(spec).gateways);
}

function namesSubset(object: KubeObject): boolean {
  return destinationsOf(object).some((d) => !d.mirror && d.subset !== '');
}
