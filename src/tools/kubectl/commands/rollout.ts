import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { dryRunSuffix, durationOf, fileFlags, selectorFlags, writeFlags } from '../common-flags.ts';
import { pathOf, type Resource, typeName } from '../discovery.ts';
import { printHistory, undo } from '../history.ts';
import { rolloutState } from '../rollout-state.ts';
import { type Found, findObjects } from '../selection.ts';
import type { Command, Session } from '../session.ts';
import { until } from '../until.ts';

export const rolloutCommand: Command = {
  summary: 'Sigue, repite o deshace el despliegue de un Deployment',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    ...writeFlags,
    revision: { kind: 'text' },
    timeout: { kind: 'text' },
    'to-revision': { kind: 'text' },
    watch: { short: 'w', kind: 'bool' },
  },
  async run(session) {
    const [verb = '', ...args] = session.args;
    const action = actions[verb];
    if (!action)
      throw new ToolError(`error: unknown command "${verb}"\nSee 'kubectl rollout -h' for help and examples`);
    if (args.length === 0 && session.flags.list('filename').length === 0)
      throw new ToolError('error: required resource not specified');
    let code = 0;
    for (const found of await findObjects(session, args)) code = Math.max(code, await action(session, found));
    return code;
  },
};

type Action = (session: Session, found: Found) => Promise<number>;

const actions: Record<string, Action> = {
  history: (session, { resource, object }) => printHistory(session, resource, object),
  pause: (session, found) => setPaused(session, found, true),
  restart,
  resume: (session, found) => setPaused(session, found, false),
  status,
  undo: async (session, { resource, object }) => {
    const word = await undo(session, resource, object);
    session.out(`${typeName(resource)}/${object.metadata.name} ${word}\n`);
    return 0;
  },
};

async function restart(session: Session, { resource, object }: Found): Promise<number> {
  if (paused(object))
    throw new ToolError(
      `error: can't restart paused deployment (run rollout resume first): ${typeName(resource)} ${object.metadata.name}`,
    );
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  const annotations = { 'kubectl.kubernetes.io/restartedAt': at };
  await patch(session, resource, object, { spec: { template: { metadata: { annotations } } } });
  session.out(`${typeName(resource)}/${object.metadata.name} restarted${dryRunSuffix.none}\n`);
  return 0;
}

async function setPaused(session: Session, { resource, object }: Found, pause: boolean): Promise<number> {
  const word = pause ? 'paused' : 'resumed';
  if (paused(object) === pause)
    throw new ToolError(
      `error: ${typeName(resource)} "${object.metadata.name}" is already ${pause ? 'paused' : 'running'}`.replace(
        'is already running',
        'is not paused',
      ),
    );
  await patch(session, resource, object, { spec: { paused: pause } });
  session.out(`${typeName(resource)}/${object.metadata.name} ${word}\n`);
  return 0;
}

const paused = ({ spec }: KubeObject) => (spec as { paused?: boolean } | undefined)?.paused === true;

async function patch(session: Session, resource: Resource, { metadata }: KubeObject, body: object): Promise<void> {
  await session.api.json({
    method: 'PATCH',
    path: pathOf(resource, metadata.namespace, metadata.name),
    query: { fieldManager: 'kubectl-rollout' },
    body,
    contentType: 'application/strategic-merge-patch+json',
  });
}

async function status(session: Session, { resource, object }: Found): Promise<number> {
  const { flags, out } = session;
  const limit = flags.text('timeout');
  const timeout = limit === undefined || limit === '0' || limit === '0s' ? undefined : durationOf(limit);
  let said = '';
  let failure: string | undefined;
  const { namespace, name } = object.metadata;
  await until(session, { resource, namespace, name }, timeout, (current) => {
    if (!current) {
      failure = 'error: object has been deleted';
      return true;
    }
    const state = rolloutState(current);
    failure = state.failure;
    if (state.message !== said) out(state.message);
    said = state.message;
    return state.done || failure !== undefined || flags.bool('watch') === false;
  });
  if (failure !== undefined) throw new ToolError(failure);
  return 0;
}
