// Who may do what. Administrators may do everything; others what the cluster's RBAC objects say.
import type { Registry } from '../../contract.ts';
import { ApiError } from '../errors.ts';
import { ofResource, reaches } from '../rbac/covers.ts';
import { type Grants, grantsOf, type Rule } from '../rbac/grants.ts';
import type { User } from './request.ts';

export interface Action {
  verb: string;
  group: string;
  /** With the subresource: `pods/log`. */
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
}

export interface Decision {
  allowed: boolean;
  /** By which binding, or what kept one from being read; empty when there is nothing to say. */
  reason: string;
}

export function decide(registry: Registry, user: User, action: Action): Decision {
  return decided(grantsOf(registry, user, action.namespace), (rule) => allows(rule, action));
}

export function isAllowed(registry: Registry, user: User, action: Action): boolean {
  return decide(registry, user, action).allowed;
}

/** Throws 403 in the API server's words. */
export function authorize(registry: Registry, user: User, action: Action): void {
  const { allowed, reason } = decide(registry, user, action);
  if (allowed) return;
  const where = action.namespace ? `in the namespace "${action.namespace}"` : 'at the cluster scope';
  const [plural = ''] = action.resource.split('/');
  const qualified = action.group === '' ? plural : `${plural}.${action.group}`;
  const subject = action.name ? `${qualified} "${action.name}"` : qualified;
  throw new ApiError(
    403,
    'Forbidden',
    `${subject} is forbidden: User "${user.name}" cannot ${action.verb} resource "${action.resource}" in API group "${action.group}" ${where}${reason === '' ? '' : `: ${reason}`}`,
    {
      ...(action.name ? { name: action.name } : {}),
      ...(action.group === '' ? {} : { group: action.group }),
      kind: plural,
    },
  );
}

export function decidePath(registry: Registry, user: User, verb: string, path: string): Decision {
  const allowed = (rule: Rule): boolean =>
    has(rule.verbs, verb) && (rule.nonResourceURLs?.some((url) => reaches(url, path)) ?? false);
  return decided(grantsOf(registry, user, undefined), allowed);
}

/** For paths that are no resource. Throws 403. */
export function authorizePath(registry: Registry, user: User, method: string, path: string): void {
  const verb = method.toLowerCase();
  if (decidePath(registry, user, verb, path).allowed) return;
  throw new ApiError(403, 'Forbidden', `forbidden: User "${user.name}" cannot ${verb} path "${path}"`, {});
}

function decided({ grants, problems }: Grants, allowed: (rule: Rule) => boolean): Decision {
  const found = grants.find(({ rule }) => allowed(rule));
  if (found) return { allowed: true, reason: found.by === '' ? '' : `RBAC: allowed by ${found.by}` };
  const [only, ...more] = problems;
  const why = more.length > 0 ? `[${problems.join(', ')}]` : only;
  return { allowed: false, reason: why === undefined ? '' : `RBAC: ${why}` };
}

function allows(rule: Rule, action: Action): boolean {
  return (
    has(rule.verbs, action.verb) &&
    has(rule.apiGroups, action.group) &&
    ofResource(rule.resources, action.resource) &&
    (!rule.resourceNames?.length || (action.name !== undefined && rule.resourceNames.includes(action.name)))
  );
}

function has(list: readonly string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(value));
}
