// A stored rule that leads nowhere, that another hides, or that leads to other pods than its words say; for a failure that
// nothing nearer explains: what it was meant for is then as without it.
import { fullHost } from '../../mesh/host-names.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { findService } from '../hosts.ts';
import { rootNamespace, type Scene, type Service, type VirtualService } from '../scene.ts';
import { byAge } from '../subsets.ts';
import { closest } from '../typo.ts';
import { brokenRoute } from './destination.ts';
import { bindings } from './entry.ts';
import { namesService, writtenRules } from './meant-rules.ts';
import { mislabelledSubset } from './mislabelled-subset.ts';

export function strayRule(scene: Scene): Diagnosis | undefined {
  const rules = writtenRules(scene, () => true);
  return (
    misplacedRule(scene) ??
    firstOf(rules, (written) => brokenRoute(scene, written, written.vs.metadata.namespace ?? 'default')) ??
    hiddenRule(scene) ??
    firstOf(rules, (written) => mislabelledSubset(scene, written))
  );
}

export function misplacedRule(scene: Scene): Diagnosis | undefined {
  return firstOf(scene.virtualServices, (vs) =>
    vs.metadata.namespace === rootNamespace ? undefined : mistypedHost(scene, vs),
  );
}

/** Sidecars obey the oldest of those that are for the same host, and no other. For one of these services, or for any. */
export function hiddenRule(scene: Scene, services?: readonly Service[]): Diagnosis | undefined {
  return firstOf(scene.virtualServices.toSorted(byAge), (vs, i, all) => {
    if (services && !services.some((service) => namesService(vs, service))) return undefined;
    const older = all.slice(0, i).find((o) => inMesh(o) && inMesh(vs) && sharesHost(o, vs));
    return (
      older &&
      diagnose(
        'MALLA-RUT-07',
        `${nameOf(older)} y ${nameOf(vs)} son para el mismo host, y manda ${older.metadata.name}, que es más antiguo`,
        { at: vs, path: 'spec.hosts' },
      )
    );
  });
}

function inMesh(vs: VirtualService): boolean {
  return bindings(vs).includes('mesh');
}

function sharesHost(a: VirtualService, b: VirtualService): boolean {
  const names = (vs: VirtualService) =>
    (vs.spec?.hosts ?? []).map((host) => fullHost(host, vs.metadata.namespace ?? 'default'));
  return names(a).some((name) => names(b).includes(name));
}

function firstOf<T>(
  things: readonly T[],
  find: (thing: T, index: number, all: readonly T[]) => Diagnosis | undefined,
): Diagnosis | undefined {
  for (const [i, thing] of things.entries()) {
    const found = find(thing, i, things);
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
