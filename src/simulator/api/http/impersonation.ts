// A user in the place of another, as `kubectl --as` asks: who may, RBAC says.
import { ApiError } from '../errors.ts';
import type { User } from './request.ts';
import { PlainFailure } from './status.ts';

/** Of `users`, `groups` or, in a namespace, `serviceaccounts`. */
export type MayActAs = (user: User, resource: string, namespace: string | undefined, name: string) => boolean;

interface Around {
  /** Of the request line, for messages. */
  path: string;
  mayActAs?: MayActAs;
}

/** Throws 403 for who may not, and 500 for groups of nobody, as the API server does. */
export function impersonated(user: User, headers: Record<string, string | undefined>, around: Around): User {
  const name = headers['impersonate-user'];
  const asked = (headers['impersonate-group'] ?? '')
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');
  if (name === undefined) {
    if (asked.length > 0) throw nobody(asked, around.path);
    return user;
  }
  check(user, targetOf(name), around);
  for (const group of asked) check(user, { resource: 'groups', namespace: undefined, name: group }, around);
  if (name === 'system:anonymous') return { name, groups: [...asked, 'system:unauthenticated'] };
  return { name, groups: [...new Set([...asked, ...serviceAccountGroups(name), 'system:authenticated'])] };
}

interface Target {
  resource: string;
  namespace: string | undefined;
  name: string;
}

function targetOf(name: string): Target {
  const [system, kind, namespace, account] = name.split(':');
  if (system === 'system' && kind === 'serviceaccount' && namespace && account)
    return { resource: 'serviceaccounts', namespace, name: account };
  return { resource: 'users', namespace: undefined, name };
}

function check(user: User, { resource, namespace, name }: Target, { mayActAs }: Around): void {
  if (user.groups.includes('system:masters') || mayActAs?.(user, resource, namespace, name)) return;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  throw new ApiError(
    403,
    'Forbidden',
    `${resource} "${name}" is forbidden: User "${user.name}" cannot impersonate resource "${resource}" in API group "" ${where}`,
    { name, kind: resource },
  );
}

/** Groups without a user: the server has no better code for it. */
function nobody(groups: string[], path: string): PlainFailure {
  const shown = groups.map((group) => `{Group  ${group}    }`).join(' ');
  const why = `requested [${shown}] without impersonating a user`;
  return new PlainFailure(500, `Internal Server Error: ${JSON.stringify(path)}: ${why}\n`);
}

/** The groups that every service account belongs to. */
export function serviceAccountGroups(name: string): string[] {
  const [system, kind, namespace] = name.split(':');
  if (system !== 'system' || kind !== 'serviceaccount') return [];
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}
