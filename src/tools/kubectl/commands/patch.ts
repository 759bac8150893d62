import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { dryRunOf, dryRunSuffix, fileFlags, selectorFlags, writeFlags } from '../common-flags.ts';
import { pathOf, typeName } from '../discovery.ts';
import { printObjects } from '../printing/object-printer.ts';
import { findObjects } from '../selection.ts';
import type { Command, Session } from '../session.ts';

const contentTypes: Record<string, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

export const patchCommand: Command = {
  summary: 'Cambia campos de un objeto',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    ...writeFlags,
    patch: { short: 'p', kind: 'text' },
    'patch-file': { kind: 'text' },
    subresource: { kind: 'text' },
    type: { kind: 'text' },
  },
  async run(session) {
    const { flags, api, out } = session;
    const type = flags.text('type') ?? 'strategic';
    const contentType = contentTypes[type];
    if (!contentType) throw new ToolError(`error: --type must be one of [json merge strategic], not "${type}"`);
    const body = await patchBody(session);
    const dryRun = dryRunOf(session);
    for (const { resource, object } of await findObjects(session, session.args, { explicit: true })) {
      const { namespace, name, resourceVersion } = object.metadata;
      const subresource = flags.text('subresource');
      const patched = await api.json<KubeObject>({
        method: 'PATCH',
        path: `${pathOf(resource, namespace, name)}${subresource ? `/${subresource}` : ''}`,
        query: {
          fieldManager: flags.text('field-manager') ?? 'kubectl-patch',
          ...(dryRun === 'server' ? { dryRun: 'All' } : {}),
        },
        body,
        contentType,
      });
      const format = flags.text('output');
      const same = patched.metadata.resourceVersion === resourceVersion;
      if (format) out(printObjects([{ resource, object: patched }], false, { format }));
      else
        out(
          `${typeName(resource)}/${name} patched${same && dryRun === 'none' ? ' (no change)' : ''}${dryRunSuffix[dryRun]}\n`,
        );
    }
    return 0;
  },
};

async function patchBody({ flags, cwd }: Session): Promise<unknown> {
  const file = flags.text('patch-file');
  const text =
    file === undefined ? flags.text('patch') : await readFile(resolve(cwd, file), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new ToolError('error: must specify --patch or --patch-file containing the contents of the patch');
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw new ToolError(
      `error: unable to parse "${text}": ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    );
  }
}
