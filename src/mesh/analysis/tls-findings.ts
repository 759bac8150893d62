// DestinationRules that encrypt without checking who answers: IST0128, IST0129.
import { namespaceOf } from '../config-objects.ts';
import type { KubeObject } from '../objects.ts';
import { fields, items, text } from '../read.ts';
import { type Finding, fullName, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

export function uncheckedServers({ destinationRules }: Scene): Finding[] {
  return destinationRules.flatMap((rule) => {
    const { trafficPolicy, host, workloadSelector } = fields(rule.spec);
    const { tls, portLevelSettings } = fields(trafficPolicy);
    const local = workloadSelector !== undefined;
    const said = (mode: string, end = '') =>
      `DestinationRule ${fullName(rule)} in namespace ${namespaceOf(rule)} has TLS mode set to ${mode} but no caCertificates are set to validate server identity for host: ${text(host) ?? ''}${end}`;
    const mode = uncheckedMode(tls, local);
    return [
      ...(mode ? [finding(rule, 'IST0128', 'spec.trafficPolicy.tls', said(mode))] : []),
      ...items(portLevelSettings).flatMap((item, index) => {
        const settings = fields(item);
        const ownMode = uncheckedMode(settings.tls, local);
        if (!ownMode) return [];
        const end = ` at port number:${fields(settings.port).number}`;
        return [finding(rule, 'IST0129', `spec.trafficPolicy.portLevelSettings[${index}].tls`, said(ownMode, end))];
      }),
    ];
  });
}

/** A credential brings its CA, but only sidecars that a selector chooses can read it. */
function uncheckedMode(tls: unknown, local: boolean): string | undefined {
  const { mode, caCertificates, credentialName } = fields(tls);
  const name = text(mode);
  if (name !== 'SIMPLE' && name !== 'MUTUAL') return undefined;
  return text(caCertificates) || (text(credentialName) && local) ? undefined : name;
}

function finding(rule: KubeObject, code: string, path: string, said: string): Finding {
  return { code, level: 'Warning', object: sourceOf(rule, path), text: said };
}
