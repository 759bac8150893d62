// Whether Istio may be installed here: the version of Kubernetes, the rights to do it, and gateways that would collide.
import { fields, text } from '../../../mesh/read.ts';
import { ToolError } from '../../tool.ts';
import { type Command, clientOf, type Invocation, istioNamespaceOf } from './command.ts';

/** Of Istio 1.30; older is a warning of the installer, and an error here. */
const OLDEST_MINOR = 32;

export const precheckCommand: Command = {
  summary: 'Comprueba que este clúster puede llevar Istio',
  flags: {
    'from-version': { kind: 'text' },
    'skip-controlplane': { kind: 'bool' },
    output: { short: 'o', kind: 'text' },
  },
  async run(invocation) {
    const { streams, flags } = invocation;
    const findings = flags.bool('skip-controlplane') ? [] : await controlPlaneFindings(invocation);
    for (const line of findings) streams.stderr.write(`${line}\n`);
    if (findings.length > 0)
      throw new ToolError(
        'Issues found when checking the cluster. Istio may not be safe to install or upgrade.\nSee https://istio.io/v1.30/docs/reference/config/analysis for more information about causes and resolutions.',
      );
    streams.stderr.write(
      '✔ No issues found when checking the cluster. Istio is safe to install or upgrade!\n  To get started, check out https://istio.io/latest/docs/setup/getting-started/.\n',
    );
    return 0;
  },
};

/** What an installation creates. */
const NEEDED: readonly { group: string; resource: string; namespaced?: true }[] = [
  { group: '', resource: 'namespaces' },
  { group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
  { group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings' },
  { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' },
  { group: 'rbac.authorization.k8s.io', resource: 'roles', namespaced: true },
  { group: '', resource: 'serviceaccounts', namespaced: true },
  { group: '', resource: 'services', namespaced: true },
  { group: 'apps', resource: 'deployments', namespaced: true },
  { group: '', resource: 'configmaps', namespaced: true },
  { group: 'admissionregistration.k8s.io', resource: 'mutatingwebhookconfigurations' },
  { group: 'admissionregistration.k8s.io', resource: 'validatingwebhookconfigurations' },
];

async function controlPlaneFindings(invocation: Invocation): Promise<string[]> {
  const client = clientOf(invocation);
  const version = fields(await client.raw('/version'));
  const minor = Number.parseInt(text(version.minor) ?? '', 10);
  const found: string[] = [];
  if (minor < OLDEST_MINOR)
    found.push(
      `Error [IST0157] (Kubernetes) The Kubernetes Version "${text(version.gitVersion) ?? ''}" is lower than the minimum version: v1.${OLDEST_MINOR}`,
    );
  const namespace = istioNamespaceOf(invocation);
  const answers = await Promise.all(
    NEEDED.map(async ({ group, resource, namespaced }) => {
      const review = await client.create({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        metadata: { name: '' },
        spec: { resourceAttributes: { verb: 'create', group, resource, ...(namespaced && { namespace }) } },
      });
      return fields(review.status).allowed === true ? undefined : resource;
    }),
  );
  for (const resource of answers)
    if (resource !== undefined)
      found.push(`Error [IST0135] (Kubernetes) Missing required permission to create resource ${resource}`);
  return found;
}
