// Kinds that are questions about who one is and what one may do: created, answered, and never stored.
import type { KubeObject } from '../../../mesh/objects.ts';
import { badRequest, invalid, type StatusCause } from '../errors.ts';
import type { KindDefinition, KindTable } from '../kinds/kind-table.ts';
import { boundTo } from '../rbac/grants.ts';
import { type Action, type Decision, decide, decidePath } from './authorize.ts';
import { isMap } from './body.ts';
import type { Handler, ResourceRequest } from './context.ts';
import { serviceAccountGroups } from './impersonation.ts';
import { checkedObject, decodedObject } from './received.ts';
import { dataReply } from './represent.ts';
import type { User } from './request.ts';

type Fields = Record<string, unknown>;
type Answer = (r: ResourceRequest, spec: Fields) => Fields;

const audience = 'https://kubernetes.default.svc.cluster.local';

const answers: Record<string, Answer> = {
  SelfSubjectReview: (r) => ({ userInfo: userInfo(r.request.user) }),
  TokenReview(r, spec) {
    const user = typeof spec.token === 'string' ? r.context.tokenUser(spec.token) : undefined;
    return user
      ? { authenticated: true, user: userInfo(user), audiences: [audience] }
      : { user: {}, error: 'invalid bearer token' };
  },
  SelfSubjectAccessReview: (r, spec) => verdict(r, r.request.user, spec),
  SubjectAccessReview: (r, spec) => verdict(r, subject(spec), spec),
  LocalSubjectAccessReview: (r, spec) => verdict(r, subject(spec), spec),
  SelfSubjectRulesReview(r, spec) {
    const namespace = typeof spec.namespace === 'string' ? spec.namespace : undefined;
    const { grants, problems } = boundTo(r.context.registry, r.request.user, namespace);
    const rules = grants.map(({ rule }) => rule);
    return {
      resourceRules: rules
        .filter(({ resources = [] }) => resources.length > 0)
        .map(({ verbs = [], apiGroups, resources, resourceNames }) => ({
          verbs,
          ...(apiGroups ? { apiGroups } : {}),
          resources,
          ...(resourceNames ? { resourceNames } : {}),
        })),
      nonResourceRules: rules
        .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
        .map(({ verbs = [], nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: problems.length > 0,
      ...(problems.length > 0 ? { evaluationError: problems.join(', ') } : {}),
    };
  },
};

const rows: [group: string, kind: string, plural: string][] = [
  ['authentication.k8s.io', 'SelfSubjectReview', 'selfsubjectreviews'],
  ['authentication.k8s.io', 'TokenReview', 'tokenreviews'],
  ['authorization.k8s.io', 'LocalSubjectAccessReview', 'localsubjectaccessreviews'],
  ['authorization.k8s.io', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews'],
  ['authorization.k8s.io', 'SelfSubjectRulesReview', 'selfsubjectrulesreviews'],
  ['authorization.k8s.io', 'SubjectAccessReview', 'subjectaccessreviews'],
];

const kinds: KindDefinition[] = rows.map(([group, kind, plural]) => ({
  group,
  versions: ['v1'],
  kind,
  listKind: '',
  plural,
  singular: kind.toLowerCase(),
  shortNames: [],
  categories: [],
  namespaced: kind.startsWith('Local'),
  subresources: [],
}));

export function isReview(kind: KindDefinition): boolean {
  return kinds.includes(kind);
}

/** What the API serves: the stored kinds and these. */
export function withReviews(stored: KindTable): KindTable {
  return {
    ...stored,
    all: () => [...stored.all(), ...kinds],
    byResource: (group, plural) =>
      stored.byResource(group, plural) ?? kinds.find((k) => k.group === group && k.plural === plural),
  };
}

export const review: Handler = async (r) => {
  const object = checkedObject(r, await decodedObject(r));
  const spec = isMap(object.spec) ? object.spec : {};
  const answer = answers[r.kind.kind];
  if (!answer) throw badRequest(`${r.kind.kind} has no answer`);
  return dataReply(
    r,
    {
      ...object,
      metadata: reviewMetadata(r, object.metadata),
      ...(r.kind.kind === 'SelfSubjectReview' ? {} : { spec }),
      status: answer(r, spec),
    },
    201,
  );
};

/** Only who one is has a moment; and what has no name does not say so. */
function reviewMetadata(r: ResourceRequest, { name, ...metadata }: KubeObject['metadata']) {
  const now = new Date(r.context.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    ...(name === '' ? {} : { name }),
    ...metadata,
    ...(r.kind.kind === 'SelfSubjectReview' ? { creationTimestamp: now } : {}),
  };
}

function verdict(r: ResourceRequest, user: User, spec: Fields): Fields {
  checkAsked(r, spec);
  const { resourceAttributes, nonResourceAttributes } = spec;
  const { registry } = r.context;
  const told = ({ allowed, reason }: Decision): Fields => ({ allowed, ...(reason === '' ? {} : { reason }) });
  if (isMap(resourceAttributes)) return told(decide(registry, user, actionOf(resourceAttributes)));
  const { verb, path } = isMap(nonResourceAttributes) ? nonResourceAttributes : {};
  return told(decidePath(registry, user, String(verb ?? ''), String(path ?? '')));
}

/** Throws 422 for a question about nothing, or about nobody. */
function checkAsked({ kind }: ResourceRequest, spec: Fields): void {
  const causes: StatusCause[] = [];
  const refuse = (field: string, value: unknown, detail: string): void =>
    void causes.push({
      reason: 'FieldValueInvalid',
      field: `spec.${field}`,
      message: `Invalid value: ${JSON.stringify(value)}: ${detail}`,
    });
  if (isMap(spec.resourceAttributes) && isMap(spec.nonResourceAttributes))
    refuse(
      'nonResourceAttributes',
      spec.nonResourceAttributes,
      'cannot be specified in combination with resourceAttributes',
    );
  if (!isMap(spec.resourceAttributes) && !isMap(spec.nonResourceAttributes))
    refuse('resourceAttributes', null, 'exactly one of nonResourceAttributes or resourceAttributes must be specified');
  if (!kind.kind.startsWith('Self') && !spec.user && !(Array.isArray(spec.groups) && spec.groups.length > 0))
    refuse('user', '', 'at least one of user or group must be specified');
  // The server does not say of what kind: it looks for no object of it.
  if (causes.length > 0) throw invalid('', kind.group, '', causes);
}

function actionOf({ verb, group, resource, subresource, namespace, name }: Fields): Action {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    verb: text(verb),
    group: text(group),
    resource: text(subresource) ? `${text(resource)}/${text(subresource)}` : text(resource),
    namespace: text(namespace) || undefined,
    name: text(name) || undefined,
  };
}

function subject({ user, groups }: Fields): User {
  const name = typeof user === 'string' ? user : '';
  return { name, groups: [...(Array.isArray(groups) ? groups.map(String) : []), ...serviceAccountGroups(name)] };
}

function userInfo({ name, groups }: User): Fields {
  return { username: name, groups };
}
