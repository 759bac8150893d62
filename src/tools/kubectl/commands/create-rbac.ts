// kubectl create role, clusterrole, rolebinding and clusterrolebinding.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { FlagSpecs } from '../../flags.ts';
import { ToolError } from '../../tool.ts';
import type { Session } from '../session.ts';

export const rbacFlags: FlagSpecs = {
  clusterrole: { kind: 'text' },
  group: { kind: 'list' },
  'non-resource-url': { kind: 'list' },
  resource: { kind: 'list' },
  'resource-name': { kind: 'list' },
  role: { kind: 'text' },
  serviceaccount: { kind: 'list' },
  user: { kind: 'list' },
  verb: { kind: 'list' },
};

const GROUP = 'rbac.authorization.k8s.io';

export async function roleObject(kind: 'Role' | 'ClusterRole', name: string, session: Session): Promise<KubeObject> {
  const verbs = listOf(session, 'verb');
  if (verbs.length === 0) throw new ToolError('error: at least one verb must be specified');
  const urls = kind === 'ClusterRole' ? listOf(session, 'non-resource-url') : [];
  const resources = listOf(session, 'resource');
  if (resources.length + urls.length === 0) throw new ToolError('error: at least one resource must be specified');
  const byGroup = new Map<string, string[]>();
  for (const asked of resources) {
    const [type = '', subresource] = asked.split('/');
    const { group, plural } = type === '*' ? { group: '', plural: '*' } : await session.discovery.named(type);
    byGroup.set(group, [
      ...(byGroup.get(group) ?? []),
      subresource === undefined ? plural : `${plural}/${subresource}`,
    ]);
  }
  const names = listOf(session, 'resource-name');
  const rules = [...byGroup]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, plurals]) => ({
      apiGroups: [group],
      resources: plurals,
      ...(names.length > 0 ? { resourceNames: names } : {}),
      verbs,
    }));
  return {
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata: { name },
    rules: [...rules, ...(urls.length > 0 ? [{ nonResourceURLs: urls, verbs }] : [])],
  };
}

export function bindingObject(kind: 'RoleBinding' | 'ClusterRoleBinding', name: string, session: Session): KubeObject {
  const { flags } = session;
  const role = kind === 'RoleBinding' ? flags.text('role') : undefined;
  const clusterRole = flags.text('clusterrole');
  if ((role === undefined) === (clusterRole === undefined))
    throw new ToolError(
      kind === 'RoleBinding'
        ? 'error: exactly one of clusterrole or role must be specified'
        : 'error: required flag(s) "clusterrole" not set',
    );
  const people = (flag: 'user' | 'group', of: string) =>
    listOf(session, flag).map((who) => ({ apiGroup: GROUP, kind: of, name: who }));
  const accounts = listOf(session, 'serviceaccount').map((text) => {
    const [namespace, account, extra] = text.split(':');
    if (!namespace || !account || extra !== undefined)
      throw new ToolError('error: serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', name: account, namespace };
  });
  return {
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata: { name },
    roleRef: { apiGroup: GROUP, kind: role === undefined ? 'ClusterRole' : 'Role', name: role ?? clusterRole },
    subjects: [...people('user', 'User'), ...people('group', 'Group'), ...accounts],
  };
}

/** Once each, in the order in which they were given. */
function listOf({ flags }: Session, name: string): string[] {
  return [...new Set(flags.list(name).flatMap((text) => text.split(',')))].filter((text) => text !== '');
}
