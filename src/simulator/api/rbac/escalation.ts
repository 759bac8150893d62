// Nobody gives by a role or a binding what they do not have themselves, unless they may escalate or bind.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Registry } from '../../contract.ts';
import { ApiError, notFound, qualified } from '../errors.ts';
import type { KindDefinition } from '../kinds/kind-table.ts';
import { isMap } from '../patch-merge.ts';
import { missingRules } from './covers.ts';
import { grantsOf, isAdministrator, type Rule, rulesOf, type Who } from './grants.ts';

const GROUP = 'rbac.authorization.k8s.io';

export interface Writer {
  registry: Registry;
  user: Who;
  /** Whether the user may do this to a resource of RBAC. */
  may(verb: string, plural: string, namespace: string | undefined, name: string): boolean;
}

/** Throws 403 for a role or a binding that gives too much, before it is written; `previous` is what it replaces. */
export function checkEscalation(
  kind: KindDefinition,
  object: KubeObject,
  previous: KubeObject | undefined,
  by: Writer,
): void {
  if (kind.group !== GROUP) return;
  if (kind.kind.endsWith('Binding')) checkBinding(kind, object, previous, by);
  else checkRole(kind, object, previous, by);
}

function checkRole(kind: KindDefinition, object: KubeObject, previous: KubeObject | undefined, by: Writer): void {
  const { namespace, name } = object.metadata;
  const same = (field: string) => JSON.stringify(object[field] ?? []) === JSON.stringify(previous?.[field] ?? []);
  if (previous && same('rules') && same('aggregationRule')) return;
  if (isAdministrator(by.user) || by.may('escalate', kind.plural, namespace, name)) return;
  const wanted = isMap(object.aggregationRule) ? everything : listOf(object.rules);
  refuseMore(kind, object, wanted, by);
}

const everything: Rule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

function checkBinding(kind: KindDefinition, object: KubeObject, previous: KubeObject | undefined, by: Writer): void {
  const { namespace } = object.metadata;
  const role = isMap(object.roleRef) ? (object.roleRef as { kind?: string; name?: string }) : {};
  const plural = { ClusterRole: 'clusterroles', Role: 'roles' }[role.kind ?? ''];
  // Who decides on it finds no kind of role to look for, and has no better code for that.
  if (plural === undefined)
    throw new ApiError(500, '', `unsupported role reference kind: ${JSON.stringify(role.kind ?? '')}`);
  const same = (field: string) => JSON.stringify(object[field] ?? []) === JSON.stringify(previous?.[field] ?? []);
  if (previous && same('roleRef') && same('subjects')) return;
  if (isAdministrator(by.user) || by.may('bind', plural, namespace, role.name ?? '')) return;
  const wanted = rulesOf(by.registry, role, namespace);
  if (typeof wanted === 'string')
    throw notFound(`${plural.slice(0, -1)}.${GROUP}`, role.name ?? '', {
      name: role.name,
      group: GROUP,
      kind: plural.slice(0, -1),
    });
  refuseMore(kind, object, wanted, by);
}

function refuseMore(kind: KindDefinition, object: KubeObject, wanted: readonly Rule[], by: Writer): void {
  const { namespace, name } = object.metadata;
  const { grants, problems } = grantsOf(by.registry, by.user, namespace);
  const missing = missingRules(
    grants.map(({ rule }) => rule),
    wanted,
  );
  if (missing.length === 0) return;
  const groups = by.user.groups.map((group) => JSON.stringify(group)).join(' ');
  const end = problems.length > 0 ? `; resolution errors: [${problems.join(', ')}]` : '';
  throw new ApiError(
    403,
    'Forbidden',
    `${qualified(kind.plural, kind.group)} "${name}" is forbidden: user ${JSON.stringify(by.user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.join('\n')}${end}`,
    { name, group: kind.group, kind: kind.plural },
  );
}

const listOf = (rules: unknown): Rule[] => (Array.isArray(rules) ? (rules.filter(isMap) as Rule[]) : []);
