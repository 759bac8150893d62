import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { dryRunOf, dryRunSuffix, durationOf, fileFlags, selectorFlags, writeFlags } from '../common-flags.ts';
import { pathOf, typeName } from '../discovery.ts';
import { readManifests } from '../manifests.ts';
import { listObjects, type Target, targetsOf } from '../selection.ts';
import type { Command, Session } from '../session.ts';
import { StatusError } from '../status-error.ts';
import { untilGone } from '../until.ts';

export const deleteCommand: Command = {
  summary: 'Borra objetos',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    ...writeFlags,
    cascade: { kind: 'optional', otherwise: 'background' },
    force: { kind: 'bool' },
    'grace-period': { kind: 'text' },
    'ignore-not-found': { kind: 'bool' },
    now: { kind: 'bool' },
    timeout: { kind: 'text' },
    wait: { kind: 'bool' },
  },
  async run(session) {
    const { flags, err } = session;
    const targets = await doomed(session);
    if (targets.length === 0) {
      session.out('No resources found\n');
      return 0;
    }
    const deleted: Target[] = [];
    let failed = false;
    for (const target of targets) {
      try {
        if (await deleteOne(session, target)) deleted.push(target);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        err(
          `${error.describe(flags.list('filename').length > 0 && !error.isNotFound ? 'error when deleting: ' : '')}\n`,
        );
        failed = true;
      }
    }
    if (flags.bool('wait') !== false && dryRunOf(session) === 'none') await awaitAll(session, deleted);
    return failed ? 1 : 0;
  },
};

async function doomed(session: Session): Promise<Target[]> {
  const { flags, args } = session;
  if (flags.list('filename').length > 0) {
    const manifests = await readManifests(session);
    return manifests.map(({ resource, object: { metadata } }) => ({
      resource,
      namespace: metadata.namespace,
      name: metadata.name,
    }));
  }
  if (args.length === 0) throw new ToolError('error: You must provide one or more resources by argument or filename.');
  const targets = await targetsOf(session, args);
  const found: Target[] = [];
  for (const target of targets) {
    if (target.name !== undefined) {
      found.push(target);
      continue;
    }
    if (!flags.bool('all') && flags.text('selector') === undefined && flags.text('field-selector') === undefined)
      throw new ToolError('error: resource(s) were provided, but no name was specified');
    const objects = await listObjects(session, target.resource, target.namespace);
    found.push(
      ...objects.map(({ resource, object: { metadata } }) => ({
        resource,
        namespace: metadata.namespace,
        name: metadata.name,
      })),
    );
  }
  return found;
}

/** False when it was not there and that does not matter. */
async function deleteOne(session: Session, target: Target): Promise<boolean> {
  const { flags, api, out } = session;
  const { resource, namespace, name } = target;
  const dryRun = dryRunOf(session);
  const force = flags.bool('force') === true;
  const grace = flags.text('grace-period') ?? (flags.bool('now') ? '1' : force ? '0' : undefined);
  const path = pathOf(resource, namespace, name);
  try {
    if (dryRun === 'client') await api.json<KubeObject>({ path });
    else
      await api.json({
        method: 'DELETE',
        path,
        body: {
          propagationPolicy: policy(flags.text('cascade')),
          ...(grace === undefined || Number(grace) < 0 ? {} : { gracePeriodSeconds: Number(grace) }),
          ...(dryRun === 'server' ? { dryRun: ['All'] } : {}),
        },
      });
  } catch (error) {
    const missing = error instanceof StatusError && error.isNotFound;
    if (missing && (flags.bool('ignore-not-found') || flags.bool('all') || flags.text('selector') !== undefined))
      return false;
    throw error;
  }
  const word = force ? 'force deleted' : 'deleted';
  out(
    flags.text('output') === 'name'
      ? `${typeName(resource)}/${name}\n`
      : `${typeName(resource)} "${name}" ${word}${dryRunSuffix[dryRun]}\n`,
  );
  return true;
}

function policy(cascade = 'background'): string {
  const policies: Record<string, string> = {
    background: 'Background',
    foreground: 'Foreground',
    orphan: 'Orphan',
    true: 'Background',
    false: 'Orphan',
  };
  const found = policies[cascade];
  if (!found)
    throw new ToolError(`error: invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
  return found;
}

async function awaitAll(session: Session, targets: Target[]): Promise<void> {
  const limit = session.flags.text('timeout');
  const timeout = limit === undefined || limit === '0' || limit === '0s' ? undefined : durationOf(limit);
  await Promise.all(targets.map((target) => untilGone(session, target, timeout)));
}
