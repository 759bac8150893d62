// IST0118: a Service's port whose name does not tell its protocol. IST0150: the same of an ExternalName.
import { namespaceOf } from '../config-objects.ts';
import { fields, items, text } from '../read.ts';
import { protocolOf } from '../services.ts';
import { type Finding, sourceOf } from './finding.ts';
import { isSystemNamespace } from './injection-findings.ts';
import type { Scene } from './scene.ts';

const EXTERNAL =
  'Port name for ExternalName service is invalid. Proxy may prevent tcp named ports and unmatched traffic for ports serving TCP protocol from being forwarded correctly';

export function portNames({ rawServices }: Scene): Finding[] {
  return rawServices
    .filter((service) => !isSystemNamespace(namespaceOf(service)))
    .flatMap((service) =>
      items(fields(service.spec).ports).flatMap((item, index): Finding[] => {
        const external = fields(service.spec).type === 'ExternalName';
        const { name, port, targetPort, protocol, appProtocol } = fields(item);
        const known = protocol === 'UDP' || protocolOf(text(appProtocol) ?? text(name) ?? '') !== 'auto';
        if (known && !(external && name === 'tcp')) return [];
        const message = `Port name ${text(name) ?? ''} (port: ${port}, targetPort: ${targetPort ?? port}) doesn't follow the naming convention of Istio port.`;
        const object = sourceOf(service, `spec.ports[${index}].name`);
        if (external) return [{ code: 'IST0150', level: 'Warning' as const, object, text: EXTERNAL }];
        return [{ code: 'IST0118', level: 'Info' as const, object, text: message }];
      }),
    );
}
