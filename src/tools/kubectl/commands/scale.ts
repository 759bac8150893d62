import { ToolError } from '../../tool.ts';
import { dryRunOf, dryRunSuffix, fileFlags, selectorFlags, writeFlags } from '../common-flags.ts';
import { pathOf, typeName } from '../discovery.ts';
import { type Found, findObjects } from '../selection.ts';
import type { Command, Session } from '../session.ts';
import { StatusError } from '../status-error.ts';

export const scaleCommand: Command = {
  summary: 'Cambia el número de réplicas',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    ...writeFlags,
    'current-replicas': { kind: 'text' },
    replicas: { kind: 'text' },
    timeout: { kind: 'text' },
  },
  async run(session) {
    const { flags, api, out } = session;
    const replicas = Number(flags.text('replicas') ?? Number.NaN);
    if (!Number.isInteger(replicas)) throw new ToolError('error: required flag(s) "replicas" not set');
    if (replicas < 0)
      throw new ToolError('error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    const dryRun = dryRunOf(session);
    const expected = flags.text('current-replicas');
    for (const { resource, object } of await scalable(session)) {
      const { namespace, name } = object.metadata;
      const current = (object.spec as { replicas?: number } | undefined)?.replicas ?? 1;
      if (expected !== undefined && Number(expected) !== current)
        throw new ToolError(`error: Expected replicas to be ${expected}, was ${current}`);
      if (dryRun !== 'client')
        await api.json({
          method: 'PATCH',
          path: `${pathOf(resource, namespace, name)}/scale`,
          query: { fieldManager: 'kubectl', ...(dryRun === 'server' ? { dryRun: 'All' } : {}) },
          body: { spec: { replicas } },
          contentType: 'application/merge-patch+json',
        });
      out(`${typeName(resource)}/${name} scaled${dryRunSuffix[dryRun]}\n`);
    }
    return 0;
  },
};

async function scalable(session: Session): Promise<Found[]> {
  try {
    const found = await findObjects(session, session.args, { explicit: true });
    if (found.length > 0) return found;
  } catch (error) {
    if (!(error instanceof StatusError && error.isNotFound)) throw error;
    throw new ToolError(`error: no objects passed to scale ${error.message}`);
  }
  throw new ToolError('error: no objects passed to scale');
}
