import type { KubeClient } from '../../../cluster/contract.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { type Command, clientOf } from './command.ts';
import { confirmed } from './confirm.ts';

export const uninstallCommand: Command = {
  summary: 'Quita Istio del clúster',
  flags: {
    'dry-run': { kind: 'bool' },
    filename: { short: 'f', kind: 'text' },
    force: { kind: 'bool' },
    purge: { kind: 'bool' },
    revision: { short: 'r', kind: 'text' },
    set: { short: 's', kind: 'list' },
    'skip-confirmation': { short: 'y', kind: 'bool' },
    verbose: { short: 'v', kind: 'bool' },
  },
  async run(invocation) {
    const { flags, streams } = invocation;
    const purge = flags.bool('purge') === true;
    if (!purge && flags.text('revision') === undefined)
      throw new ToolError(
        'at least one of the --revision (or --set revision=<revision>), --filename or --purge flags must be set',
      );
    const client = clientOf(invocation);
    const doomed = await installed(client, purge);
    if (purge) streams.stdout.write('All Istio resources will be pruned from the cluster\n');
    if (!flags.bool('skip-confirmation') && !flags.bool('dry-run')) {
      if (!(await confirmed('Proceed? (y/N) ', invocation))) {
        streams.stdout.write('Cancelled.\n');
        return 1;
      }
    }
    for (const object of flags.bool('dry-run') ? [] : doomed) {
      const { apiVersion, kind, metadata } = object;
      const { name, namespace } = metadata;
      const removed = await client.remove({ apiVersion, kind, name, ...(namespace ? { namespace } : {}) });
      if (removed)
        streams.stdout.write(
          `  Removed ${apiVersion === 'v1' ? '/v1' : apiVersion}, Kind=${kind}/${name}.${namespace ?? ''}.\n`,
        );
    }
    streams.stdout.write('✔ Uninstall complete\n');
    return 0;
  },
};

const rbac = 'rbac.authorization.k8s.io/v1';
const admission = 'admissionregistration.k8s.io/v1';

/** In the order of removal: the workloads first, so that nothing puts back what goes. */
const kinds: { apiVersion: string; kind: string; purgeOnly?: boolean }[] = [
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: rbac, kind: 'RoleBinding' },
  { apiVersion: rbac, kind: 'Role' },
  { apiVersion: admission, kind: 'MutatingWebhookConfiguration' },
  { apiVersion: admission, kind: 'ValidatingWebhookConfiguration' },
  { apiVersion: rbac, kind: 'ClusterRole' },
  { apiVersion: rbac, kind: 'ClusterRoleBinding' },
  { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', purgeOnly: true },
];

async function installed(client: KubeClient, purge: boolean): Promise<KubeObject[]> {
  const labelSelector = 'operator.istio.io/component';
  const asked = kinds.filter((k) => purge || !k.purgeOnly);
  const lists = await Promise.all(
    asked.map(({ apiVersion, kind }) => client.list({ apiVersion, kind, labelSelector })),
  );
  // Without --purge what several revisions share stays.
  return lists.flat().filter((o) => purge || o.metadata.labels?.['operator.istio.io/component'] !== 'Base');
}
