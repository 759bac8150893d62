import { istioCrds } from '../crds.ts';
import { deploymentReady } from '../readiness.ts';
import { type Command, clientOf, istioNamespaceOf } from './command.ts';

export const verifyInstallCommand: Command = {
  summary: 'Comprueba que Istio está instalado y en marcha',
  flags: { filename: { short: 'f', kind: 'list' }, revision: { short: 'r', kind: 'text' } },
  async run(invocation) {
    const { stdout } = invocation.streams;
    const client = clientOf(invocation);
    const namespace = istioNamespaceOf(invocation);
    const deployments = await client.list({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace,
      labelSelector: 'operator.istio.io/component',
    });
    const served = await client.list({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' });
    const names = new Set(served.map((crd) => crd.metadata.name));
    const missing = (await istioCrds()).filter((crd) => !names.has(crd.metadata.name));
    for (const crd of missing) stdout.write(`✘ CustomResourceDefinition: ${crd.metadata.name} not found\n`);
    for (const deployment of deployments) {
      const { name } = deployment.metadata;
      stdout.write(
        deploymentReady(deployment)
          ? `✔ Deployment: ${name}.${namespace} checked successfully\n`
          : `✘ Deployment: ${name}.${namespace}: no está listo\n`,
      );
    }
    const hasIstiod = deployments.some((d) => d.metadata.labels?.app === 'istiod');
    if (!hasIstiod) stdout.write(`✘ Deployment: istiod.${namespace} not found\n`);
    const right = missing.length === 0 && hasIstiod && deployments.every(deploymentReady);
    stdout.write(right ? '✔ Istio is installed and verified successfully\n' : '✘ Istio no está instalado del todo\n');
    return right ? 0 : 1;
  },
};
