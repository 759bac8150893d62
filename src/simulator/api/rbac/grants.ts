// What the cluster's RBAC objects give a user: each rule, and by which binding.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Registry } from '../../contract.ts';
import { isMap } from '../patch-merge.ts';

export interface Who {
  name: string;
  groups: string[];
}

export interface Rule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

export interface Grant {
  rule: Rule;
  /** `RoleBinding "a/b" of Role "c" to User "d"`; empty for administrators, whom no binding names. */
  by: string;
}

export interface Grants {
  grants: Grant[];
  /** Of bindings to roles that are not there. */
  problems: string[];
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

interface Binding extends KubeObject {
  roleRef?: { kind?: string; name?: string };
  subjects?: Subject[];
}

const RBAC = 'rbac.authorization.k8s.io';

const everything: Rule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

export function isAdministrator(user: Who): boolean {
  return user.groups.includes('system:masters');
}

/** Bindings of the whole cluster first; without a namespace, only those. */
export function grantsOf(registry: Registry, user: Who, namespace: string | undefined): Grants {
  if (isAdministrator(user)) return { grants: everything.map((rule) => ({ rule, by: '' })), problems: [] };
  return boundTo(registry, user, namespace);
}

/** Only what bindings give, as `kubectl auth can-i --list` tells it: an administrator needs none. */
export function boundTo(registry: Registry, user: Who, namespace: string | undefined): Grants {
  const found: Grants = { grants: [], problems: [] };
  const clusterWide = registry.list(`${RBAC}/clusterrolebindings`);
  const local = namespace ? registry.list(`${RBAC}/rolebindings`, namespace) : [];
  for (const binding of [...clusterWide, ...local] as Binding[]) {
    const subject = binding.subjects?.find((s) => names(s, user, binding.metadata.namespace));
    if (!subject) continue;
    const rules = rulesOf(registry, binding.roleRef ?? {}, binding.metadata.namespace);
    if (typeof rules === 'string') found.problems.push(rules);
    else found.grants.push(...rules.map((rule) => ({ rule, by: described(binding, subject) })));
  }
  return found;
}

/** Of a role, or why there are none, in the API server's words. */
export function rulesOf(
  registry: Registry,
  { kind, name = '' }: { kind?: string; name?: string },
  namespace: string | undefined,
): Rule[] | string {
  const clusterWide = kind === 'ClusterRole';
  const role = clusterWide
    ? registry.get(`${RBAC}/clusterroles`, undefined, name)
    : registry.get(`${RBAC}/roles`, namespace, name);
  if (!role) return `${clusterWide ? 'clusterrole' : 'role'}.${RBAC} "${name}" not found`;
  return Array.isArray(role.rules) ? (role.rules.filter(isMap) as Rule[]) : [];
}

function names(subject: Subject, user: Who, around: string | undefined): boolean {
  switch (subject.kind) {
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${subject.namespace ?? around ?? ''}:${subject.name}`;
    case 'Group':
      return user.groups.includes(subject.name);
    default:
      return user.name === subject.name;
  }
}

function described({ kind, metadata, roleRef }: Binding, subject: Subject): string {
  const own = metadata.namespace ? `${metadata.name}/${metadata.namespace}` : metadata.name;
  const whom =
    subject.kind === 'ServiceAccount'
      ? `${subject.name}/${subject.namespace ?? metadata.namespace ?? ''}`
      : subject.name;
  return `${kind} "${own}" of ${roleRef?.kind} "${roleRef?.name}" to ${subject.kind} "${whom}"`;
}
