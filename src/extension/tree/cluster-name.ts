// How a cluster is named to people. Does not know `vscode`.
import type { ClusterIdentity } from '../cluster/program-output.ts';
import { t } from '../l10n.ts';

export function clusterName({ kind, name = '' }: ClusterIdentity): string {
  if (kind === 'embebido') return t('Clúster embebido');
  return kind === 'kind' ? t('Clúster kind «{0}»', name) : t('Clúster de «{0}»', name);
}
