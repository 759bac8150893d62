// A Gateway that selects nobody (IST0101), and a VirtualService whose hosts its Gateway does not have (IST0132).
import { namespaceOf } from '../config-objects.ts';
import { fullHost, intersection } from '../host-names.ts';
import { gatewayReference } from '../match.ts';
import type { KubeObject } from '../objects.ts';
import { fields, hasLabels, items, stringMap, texts } from '../read.ts';
import { type Finding, fullName, notFound, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

export function gatewaySelectors({ gateways, pods }: Scene): Finding[] {
  return gateways.flatMap((gateway) => {
    const selector = stringMap(fields(gateway.spec).selector);
    if (selector.size === 0 || pods.some((pod) => hasLabels(pod.metadata.labels, selector))) return [];
    const written = [...selector].map(([key, value]) => `${key}=${value}`).join(',');
    return [notFound(gateway, 'spec.selector', 'selector', written)];
  });
}

export function gatewayHosts({ virtualServices, gateways }: Scene): Finding[] {
  const byName = new Map(gateways.map((gateway) => [fullName(gateway), gateway]));
  return virtualServices.flatMap((object) => {
    const { hosts, gateways: references } = fields(object.spec);
    const written = texts(hosts);
    if (written.length === 0) return [];
    return texts(references).flatMap((reference, index) => {
      const name = gatewayReference(reference, namespaceOf(object));
      if (name === 'mesh' || sharesHost(object, written, byName.get(name))) return [];
      const text = `one or more host [${written.join(' ')}] defined in VirtualService ${fullName(object)} not found in Gateway ${name}.`;
      return [{ code: 'IST0132', level: 'Warning', object: sourceOf(object, `spec.gateways[${index}]`), text }];
    });
  });
}

function sharesHost(object: KubeObject, hosts: readonly string[], gateway: KubeObject | undefined): boolean {
  if (!gateway) return false;
  const namespace = namespaceOf(object);
  const own = hosts.map((host) => fullHost(host, namespace));
  return items(fields(gateway.spec).servers)
    .flatMap((server) => texts(fields(server).hosts))
    .some((written) => {
      const [host = '', scope] = written.split('/').reverse();
      const required = scope === '.' ? namespaceOf(gateway) : scope;
      if (required !== undefined && required !== '*' && required !== namespace) return false;
      return own.some((candidate) => intersection(host.toLowerCase(), candidate) !== undefined);
    });
}
