// Is Istio there, and whole?
import { diagnose } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type Deployment, rootNamespace, type Scene } from '../scene.ts';

export function istiods(scene: Scene): Deployment[] {
  return scene.deployments.filter((d) => d.metadata.labels?.app === 'istiod');
}

/** Deployments whose pods a Gateway object selects by the usual label, or by that of one student in a class cluster. */
export function ingressGateways(scene: Scene): Deployment[] {
  return scene.deployments.filter((d) => /^ingressgateway(-|$)/.test(d.spec?.template?.metadata?.labels?.istio ?? ''));
}

export function missingIstio(scene: Scene): Diagnosis | undefined {
  if (istiods(scene).length > 0) return undefined;
  return diagnose('MALLA-INS-01', `No hay ningún istiod en ${rootNamespace}: Istio no está instalado`);
}

export function missingInjector(scene: Scene): Diagnosis | undefined {
  const injects = scene.webhooks.some(
    (w) => w.metadata.labels?.app === 'sidecar-injector' || w.metadata.name.startsWith('istio-sidecar-injector'),
  );
  if (injects) return undefined;
  return diagnose(
    'MALLA-INS-03',
    'istiod está instalado, pero falta el webhook de inyección (istio-sidecar-injector)',
    {
      at: istiods(scene)[0],
    },
  );
}

export function missingEgress(scene: Scene): Diagnosis | undefined {
  const there = scene.deployments.some((d) => d.spec?.template?.metadata?.labels?.istio === 'egressgateway');
  if (there) return undefined;
  return (
    missingIstio(scene) ?? diagnose('MALLA-INS-04', 'No hay ningún egress gateway: el perfil instalado no lo incluye')
  );
}

export function missingIngress(scene: Scene): Diagnosis | undefined {
  if (ingressGateways(scene).length > 0) return undefined;
  const found = missingIstio(scene);
  if (found) return found;
  return diagnose('MALLA-INS-02', 'No hay ningún ingress gateway: el perfil instalado no lo incluye');
}
