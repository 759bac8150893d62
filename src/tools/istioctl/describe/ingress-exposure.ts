// Whether an ingress gateway leads to a Service, by which VirtualService and on which paths.
import { byAge, isIstio } from '../../../mesh/config-objects.ts';
import { fullHost } from '../../../mesh/host-names.ts';
import { gatewayReference } from '../../../mesh/match.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, hasLabels, items, stringMap, text, texts } from '../../../mesh/read.ts';
import { matchText } from './applied-rules.ts';

/** Undefined: none leads there. */
export function ingressExposure(
  objects: readonly KubeObject[],
  service: KubeObject,
  namespace: string,
): string | undefined {
  const host = fullHost(service.metadata.name, service.metadata.namespace ?? 'default');
  const leading = objects.filter((o) => isIstio(o, 'VirtualService') && routesTo(o, host)).sort(byAge);
  for (const rule of leading) {
    const own = rule.metadata.namespace ?? 'default';
    const references = texts(fields(rule.spec).gateways).map((g) => gatewayReference(g, own));
    const gateway = objects.find(
      (o) => isIstio(o, 'Gateway') && references.includes(`${o.metadata.namespace}/${o.metadata.name}`),
    );
    const address = gateway && addressOf(objects, gateway);
    if (!address) continue;
    const name = own === namespace ? rule.metadata.name : `${rule.metadata.name}.${own}`;
    const matches = items(fields(rule.spec).http).flatMap((http) =>
      items(fields(http).match).map((m) => `Match: ${matchText(fields(m))}`),
    );
    const routes = matches.length > 0 ? matches.join(', ') : `${items(fields(rule.spec).http).length} HTTP route(s)`;
    return `Exposed on Ingress Gateway http://${address}\nVirtualService: ${name}\n   ${routes}\n`;
  }
  return undefined;
}

function routesTo(rule: KubeObject, host: string): boolean {
  return items(fields(rule.spec).http).some((http) =>
    items(fields(http).route).some((route) => {
      const target = text(fields(fields(route).destination).host) ?? '';
      return fullHost(target, rule.metadata.namespace ?? 'default') === host;
    }),
  );
}

/** Of the load balancer of the pods that the Gateway selects; else of a node that runs one. */
function addressOf(objects: readonly KubeObject[], gateway: KubeObject): string | undefined {
  const selector = stringMap(fields(gateway.spec).selector);
  const pod = objects.find((o) => o.kind === 'Pod' && hasLabels(o.metadata.labels, selector));
  if (!pod) return undefined;
  const service = objects.find((o) => {
    const own = stringMap(fields(o.spec).selector);
    return (
      o.kind === 'Service' &&
      o.metadata.namespace === pod.metadata.namespace &&
      own.size > 0 &&
      hasLabels(pod.metadata.labels, own)
    );
  });
  const [ingress] = items(fields(fields(service?.status).loadBalancer).ingress).map(fields);
  return text(ingress?.ip) ?? text(ingress?.hostname) ?? text(fields(pod.status).hostIP);
}
