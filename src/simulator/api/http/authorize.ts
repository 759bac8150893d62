// Who may do what. Administrators may do everything; others what the cluster's RBAC objects say.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Registry } from '../../contract.ts';
import { ApiError } from '../errors.ts';
import { isMap } from './body.ts';
import type { User } from './request.ts';

export interface Action {
  verb: string;
  group: string;
  /** With the subresource: `pods/log`. */
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
}

export interface Rule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

interface Binding extends KubeObject {
  roleRef?: { kind: string; name: string };
  subjects?: { kind: string; name: string; namespace?: string }[];
}

export function isAllowed(registry: Registry, user: User, action: Action): boolean {
  if (user.groups.includes('system:authenticated') && isAboutOneself(action)) return true;
  return rulesFor(registry, user, action.namespace).some((rule) => allows(rule, action));
}

/** Throws 403 in the API server's words. */
export function authorize(registry: Registry, user: User, action: Action): void {
  if (isAllowed(registry, user, action)) return;
  const where = action.namespace ? `in the namespace "${action.namespace}"` : 'at the cluster scope';
  const [plural = ''] = action.resource.split('/');
  const qualified = action.group === '' ? plural : `${plural}.${action.group}`;
  const subject = action.name ? `${qualified} "${action.name}"` : qualified;
  throw new ApiError(
    403,
    'Forbidden',
    `${subject} is forbidden: User "${user.name}" cannot ${action.verb} resource "${action.resource}" in API group "${action.group}" ${where}`,
    {
      ...(action.name ? { name: action.name } : {}),
      ...(action.group === '' ? {} : { group: action.group }),
      kind: plural,
    },
  );
}

/** Everybody may ask for health and version; who is known, for discovery too. */
export function isPathAllowed(user: User, verb: string, path: string): boolean {
  if (isAdministrator(user)) return true;
  const open = /^\/(healthz|livez|readyz|version)(\/|$)/.test(path);
  const known = user.groups.includes('system:authenticated') && /^\/(api|apis|openapi)(\/|$)/.test(path);
  return verb === 'get' && (open || known);
}

/** For paths that are no resource. Throws 403. */
export function authorizePath(user: User, method: string, path: string): void {
  if (isPathAllowed(user, method.toLowerCase(), path)) return;
  throw new ApiError(
    403,
    'Forbidden',
    `forbidden: User "${user.name}" cannot ${method.toLowerCase()} path "${path}"`,
    {},
  );
}

/** What everybody who is known may ask about themselves. */
function isAboutOneself({ group, resource, verb }: Action): boolean {
  if (verb !== 'create') return false;
  return (
    (group === 'authorization.k8s.io' && /^selfsubject(access|rules)reviews$/.test(resource)) ||
    (group === 'authentication.k8s.io' && resource === 'selfsubjectreviews')
  );
}

function isAdministrator(user: User): boolean {
  return user.groups.includes('system:masters');
}

export function rulesFor(registry: Registry, user: User, namespace: string | undefined): Rule[] {
  if (isAdministrator(user)) return [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
  const clusterWide = registry.list('rbac.authorization.k8s.io/clusterrolebindings');
  const local = namespace ? registry.list('rbac.authorization.k8s.io/rolebindings', namespace) : [];
  return [...clusterWide, ...local]
    .filter((binding: Binding) => binding.subjects?.some((s) => isSubject(s, user)))
    .flatMap((binding: Binding) => {
      const { kind, name = '' } = binding.roleRef ?? {};
      const role =
        kind === 'ClusterRole'
          ? registry.get('rbac.authorization.k8s.io/clusterroles', undefined, name)
          : registry.get('rbac.authorization.k8s.io/roles', binding.metadata.namespace, name);
      return Array.isArray(role?.rules) ? role.rules.filter(isMap) : [];
    });
}

function isSubject(subject: { kind: string; name: string; namespace?: string }, user: User): boolean {
  switch (subject.kind) {
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${subject.namespace}:${subject.name}`;
    case 'Group':
      return user.groups.includes(subject.name);
    default:
      return user.name === subject.name;
  }
}

function allows(rule: Rule, action: Action): boolean {
  const has = (list: string[] | undefined, value: string): boolean =>
    list !== undefined && (list.includes('*') || list.includes(value));
  const [, subresource] = action.resource.split('/');
  return (
    has(rule.verbs, action.verb) &&
    has(rule.apiGroups, action.group) &&
    (has(rule.resources, action.resource) ||
      (subresource !== undefined && (rule.resources?.includes(`*/${subresource}`) ?? false))) &&
    (!rule.resourceNames?.length || (action.name !== undefined && rule.resourceNames.includes(action.name)))
  );
}
