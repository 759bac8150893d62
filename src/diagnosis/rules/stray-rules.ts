// A stored rule that leads nowhere, for a failure that nothing nearer explains: what it was meant for is then as without it.
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { findService } from '../hosts.ts';
import { rootNamespace, type Scene, type VirtualService } from '../scene.ts';
import { closest } from '../typo.ts';
import { brokenRoute } from './destination.ts';
import { writtenRules } from './meant-rules.ts';

export function strayRule(scene: Scene): Diagnosis | undefined {
  for (const vs of scene.virtualServices) {
    const found = vs.metadata.namespace === rootNamespace ? undefined : mistypedHost(scene, vs);
    if (found) return found;
  }
  for (const written of writtenRules(scene, () => true)) {
    const found = brokenRoute(scene, written, written.vs.metadata.namespace ?? 'default');
    if (found) return found;
  }
  return undefined;
}

/** A rule for the sidecars whose host is the name of a Service but for a slip, or that of a Service somewhere else. */
function mistypedHost(scene: Scene, vs: VirtualService): Diagnosis | undefined {
  const { namespace = 'default' } = vs.metadata;
  if (vs.spec?.gateways && !vs.spec.gateways.includes('mesh')) return undefined;
  for (const [i, host] of (vs.spec?.hosts ?? []).entries()) {
    if (host.includes('.') || host === '*' || findService(scene, host, namespace)) continue;
    const elsewhere = scene.services.find((s) => s.metadata.name === host);
    const meant = elsewhere ?? closest(host, scene.services, (s) => s.metadata.name);
    if (meant)
      return diagnose(
        'MALLA-RUT-08',
        `${nameOf(vs)} es para «${host}» de ${namespace}, y el servicio es ${nameOf(meant)}`,
        { at: vs, path: elsewhere ? 'metadata.namespace' : `spec.hosts[${i}]` },
      );
  }
  return undefined;
}
