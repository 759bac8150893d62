import { ToolError } from '../../tool.ts';
import type { Resource } from '../discovery.ts';
import { compactRules, type Rule } from '../printing/policy-rules.ts';
import { toJson, toYaml } from '../printing/serialise.ts';
import { columns } from '../printing/tabs.ts';
import type { Command, Session } from '../session.ts';

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';
const AUTHENTICATION = '/apis/authentication.k8s.io/v1';

export const authCommand: Command = {
  summary: 'Qué se puede hacer y quién se es: can-i, whoami',
  flags: {
    'all-namespaces': { short: 'A', kind: 'bool' },
    list: { kind: 'bool' },
    'no-headers': { kind: 'bool' },
    output: { short: 'o', kind: 'text' },
    quiet: { short: 'q', kind: 'bool' },
    subresource: { kind: 'text' },
  },
  async run(session) {
    const [verb, ...args] = session.args;
    if (verb === 'whoami') return whoAmI(session);
    if (verb !== 'can-i') throw new ToolError('error: el kubectl de Malla tiene «auth can-i» y «auth whoami»');
    return session.flags.bool('list') ? listRules(session, args) : canI(session, args);
  },
};

const RESOURCE_VERBS = new Set(
  'get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest'.split(
    ' ',
  ),
);
const PATH_VERBS = new Set('get put post head options delete patch *'.split(' '));

/** Exit code 1 for no, so that scripts may ask. */
async function canI(session: Session, args: string[]): Promise<number> {
  const [verb, what, ...more] = args;
  if (verb === undefined || what === undefined || more.length > 0)
    throw new ToolError(
      "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    );
  const { status } = await session.api.json<{ status: Answer }>({
    method: 'POST',
    path: `${AUTHORIZATION}/selfsubjectaccessreviews`,
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: what.startsWith('/') ? pathQuestion(session, verb, what) : await resourceQuestion(session, verb, what),
    },
  });
  const because = [status.reason, status.evaluationError].filter(Boolean).map((text) => ` - ${text}`);
  if (!session.flags.bool('quiet')) session.out(status.allowed ? 'yes\n' : `no${because.join('')}\n`);
  return status.allowed ? 0 : 1;
}

interface Answer {
  allowed: boolean;
  reason?: string;
  evaluationError?: string;
}

function pathQuestion({ flags, err }: Session, verb: string, path: string) {
  if (flags.has('subresource')) throw new ToolError('error: --subresource can not be used with NonResourceURL');
  if (!PATH_VERBS.has(verb)) err(`Warning: verb '${verb}' is not a known verb\n\n`);
  return { nonResourceAttributes: { verb, path } };
}

async function resourceQuestion(session: Session, verb: string, what: string) {
  const { flags, err } = session;
  const [type = '', name] = what.split(/\/(.*)/s);
  const everywhere = flags.bool('all-namespaces') === true;
  const found = type === '*' ? undefined : await named(session, type);
  const suffix = found?.group ? ` in group '${found.group}'` : '';
  if (found && !found.namespaced && !everywhere)
    err(`Warning: resource '${found.plural}' is not namespace scoped${suffix}\n\n`);
  if (!everywhere && !RESOURCE_VERBS.has(verb)) err(`Warning: verb '${verb}' is not a known verb\n\n`);
  return {
    resourceAttributes: {
      ...(everywhere ? {} : { namespace: await session.namespace() }),
      verb,
      group: found?.group ?? '',
      resource: found?.plural ?? type,
      ...(flags.has('subresource') ? { subresource: flags.text('subresource') } : {}),
      ...(name ? { name } : {}),
    },
  };
}

async function named({ discovery, err }: Session, type: string): Promise<Resource | undefined> {
  try {
    return await discovery.named(type);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const [resource = '', group] = type.toLowerCase().split(/\.(.*)/s);
    // What can be impersonated is no resource of the API.
    if (!['users', 'groups'].includes(resource))
      err(`Warning: the server doesn't have a resource type '${resource}'${group ? ` in group '${group}'` : ''}\n\n`);
    return undefined;
  }
}

async function listRules(session: Session, args: string[]): Promise<number> {
  const { flags, api, out, err } = session;
  if (args.length > 0) throw new ToolError('error: list option must be specified with no arguments');
  if (flags.bool('quiet') || flags.bool('all-namespaces') || flags.has('subresource'))
    throw new ToolError(
      "error: list option can't be specified with neither quiet, all-namespaces nor subresource options",
    );
  const { status } = await api.json<{ status: RulesStatus }>({
    method: 'POST',
    path: `${AUTHORIZATION}/selfsubjectrulesreviews`,
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: await session.namespace() },
    },
  });
  if (status.incomplete) err(`Warning: the list may be incomplete: ${status.evaluationError ?? ''}\n`);
  const rules = compactRules([...(status.resourceRules ?? []), ...(status.nonResourceRules ?? [])]);
  const rows = rules.map(({ verbs, resource, name, path }) => [
    resource,
    path === undefined ? '[]' : `[${path}]`,
    name === undefined ? '[]' : `[${name}]`,
    `[${verbs.join(' ')}]`,
  ]);
  const header = ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'];
  out(columns(flags.bool('no-headers') ? rows : [header, ...rows]));
  return 0;
}

interface RulesStatus {
  incomplete?: boolean;
  evaluationError?: string;
  resourceRules?: Rule[];
  nonResourceRules?: Rule[];
}

interface UserInfo {
  username?: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}

async function whoAmI({ flags, api, out }: Session): Promise<number> {
  const review = await api.json<{ status?: { userInfo?: UserInfo } }>({
    method: 'POST',
    path: `${AUTHENTICATION}/selfsubjectreviews`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
  const format = flags.text('output');
  if (format === 'json' || format === 'yaml') {
    out(format === 'json' ? toJson(review) : toYaml(review));
    return 0;
  }
  const { username, uid, groups = [], extra = {} } = review.status?.userInfo ?? {};
  out(
    columns([
      ['ATTRIBUTE', 'VALUE'],
      ...(username ? [['Username', username]] : []),
      ...(uid ? [['UID', uid]] : []),
      ...(groups.length > 0 ? [['Groups', `[${groups.join(' ')}]`]] : []),
      ...Object.keys(extra)
        .toSorted()
        .map((name) => [`Extra: ${name}`, `[${extra[name]?.join(' ')}]`]),
    ]),
  );
  return 0;
}
