// IST0118: a Service's port whose name does not tell its protocol.
import { namespaceOf } from '../config-objects.ts';
import { fields, items, text } from '../read.ts';
import { protocolOf } from '../services.ts';
import { type Finding, sourceOf } from './finding.ts';
import { isSystemNamespace } from './injection-findings.ts';
import type { Scene } from './scene.ts';

export function portNames({ rawServices }: Scene): Finding[] {
  return rawServices
    .filter((service) => !isSystemNamespace(namespaceOf(service)))
    .flatMap((service) =>
      items(fields(service.spec).ports).flatMap((item, index) => {
        const { name, port, targetPort, protocol, appProtocol } = fields(item);
        if (protocol === 'UDP' || protocolOf(text(appProtocol) ?? text(name) ?? '') !== 'auto') return [];
        const message = `Port name ${text(name) ?? ''} (port: ${port}, targetPort: ${targetPort ?? port}) doesn't follow the naming convention of Istio port.`;
        const object = sourceOf(service, `spec.ports[${index}].name`);
        return [{ code: 'IST0118', level: 'Info' as const, object, text: message }];
      }),
    );
}
