import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { applyPatch, lastApplied, withLastApplied } from '../apply-patch.ts';
import { isBuiltInGroup } from '../built-in-groups.ts';
import { dryRunOf, dryRunSuffix, fileFlags, selectorFlags, writeFlags } from '../common-flags.ts';
import { pathOf, typeName } from '../discovery.ts';
import { type Manifest, readManifests } from '../manifests.ts';
import { printObjects } from '../printing/object-printer.ts';
import type { Command, Session } from '../session.ts';
import { StatusError } from '../status-error.ts';

export const applyCommand: Command = {
  summary: 'Crea o cambia objetos como dicen los ficheros',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    ...writeFlags,
    force: { kind: 'bool' },
    'force-conflicts': { kind: 'bool' },
    overwrite: { kind: 'bool' },
    'server-side': { kind: 'bool' },
    validate: { kind: 'optional', otherwise: 'strict' },
    wait: { kind: 'bool' },
  },
  async run(session) {
    const { flags, args, out, err } = session;
    if (args.length > 0)
      throw new ToolError(`error: Unexpected args: [${args.join(' ')}]\nSee 'kubectl apply -h' for help and examples`);
    if (flags.list('filename').length === 0) throw new ToolError('error: must specify one of -f and -k');
    const manifests = await readManifests(session);
    let failed = false;
    for (const manifest of manifests) {
      try {
        const { object, word } = flags.bool('server-side')
          ? await applyOnServer(session, manifest)
          : await applyOnClient(session, manifest);
        const format = flags.text('output');
        const { resource } = manifest;
        if (format) out(printObjects([{ resource, object }], false, { format }));
        else out(`${typeName(resource)}/${object.metadata.name} ${word}${dryRunSuffix[dryRunOf(session)]}\n`);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        // One refused object does not stop the others.
        err(`${error.describe(`error when ${doing(error)} "${manifest.source}": `)}\n`);
        failed = true;
      }
    }
    return failed ? 1 : 0;
  },
};

const doing = (error: StatusError & { patching?: boolean }) => (error.patching ? 'applying patch' : 'creating');

interface Applied {
  object: KubeObject;
  word: string;
}

async function applyOnServer(session: Session, { resource, object }: Manifest): Promise<Applied> {
  const { flags, api } = session;
  const dryRun = dryRunOf(session);
  if (dryRun === 'client')
    throw new ToolError(
      "error: --dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
    );
  const applied = await api.json<KubeObject>({
    method: 'PATCH',
    path: pathOf(resource, object.metadata.namespace, object.metadata.name),
    query: {
      fieldManager: flags.text('field-manager') ?? 'kubectl',
      fieldValidation: validation(session),
      force: String(flags.bool('force-conflicts') ?? false),
      ...(dryRun === 'server' ? { dryRun: 'All' } : {}),
    },
    body: object,
    contentType: 'application/apply-patch+yaml',
  });
  return { object: applied, word: 'serverside-applied' };
}

async function applyOnClient(session: Session, { resource, object }: Manifest): Promise<Applied> {
  const { api, flags, err } = session;
  const { namespace, name } = object.metadata;
  const dryRun = dryRunOf(session);
  const modified = withLastApplied(object);
  const query = {
    fieldManager: flags.text('field-manager') ?? 'kubectl-client-side-apply',
    fieldValidation: validation(session),
    ...(dryRun === 'server' ? { dryRun: 'All' } : {}),
  };
  const path = pathOf(resource, namespace, name);
  const current = name ? await api.find<KubeObject>({ path }) : undefined;
  if (!current) {
    if (dryRun === 'client') return { object: modified, word: 'created' };
    const created = await api.json<KubeObject>({
      method: 'POST',
      path: pathOf(resource, namespace),
      query,
      body: modified,
    });
    return { object: created, word: 'created' };
  }
  if (lastApplied(current) === undefined)
    err(
      `Warning: resource ${resource.plural}/${name} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  const builtIn = isBuiltInGroup(resource.group);
  const patch = applyPatch(lastApplied(current), modified, current, builtIn);
  if (patch === undefined) return { object: current, word: 'unchanged' };
  if (dryRun === 'client') return { object: current, word: 'configured' };
  try {
    const patched = await api.json<KubeObject>({
      method: 'PATCH',
      path,
      query,
      body: patch,
      contentType: builtIn ? 'application/strategic-merge-patch+json' : 'application/merge-patch+json',
    });
    const same = patched.metadata.resourceVersion === current.metadata.resourceVersion;
    return { object: patched, word: same ? 'unchanged' : 'configured' };
  } catch (error) {
    if (error instanceof StatusError) Object.assign(error, { patching: true });
    throw error;
  }
}

function validation({ flags }: Session): string {
  const wished = flags.text('validate') ?? 'strict';
  if (wished === 'false' || wished === 'ignore') return 'Ignore';
  return wished === 'warn' ? 'Warn' : 'Strict';
}
