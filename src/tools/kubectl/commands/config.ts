import { readFile, rename, writeFile } from 'node:fs/promises';
import { type Document, isMap, isSeq, parseDocument } from 'yaml';
import { ToolError } from '../../tool.ts';
import { toJson, toYaml } from '../printing/serialise.ts';
import { columns } from '../printing/tabs.ts';
import type { Command, Session } from '../session.ts';

interface Entry {
  name: string;
  context?: { cluster?: string; user?: string; namespace?: string };
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
}

interface Config {
  'current-context'?: string;
  contexts?: Entry[] | null;
  clusters?: Entry[] | null;
  users?: Entry[] | null;
  [field: string]: unknown;
}

export const configCommand: Command = {
  summary: 'Mira y cambia el kubeconfig',
  flags: {
    current: { kind: 'bool' },
    minify: { kind: 'bool' },
    'no-headers': { kind: 'bool' },
    output: { short: 'o', kind: 'text' },
    raw: { kind: 'bool' },
  },
  async run(session) {
    const [verb = '', ...args] = session.args;
    const action = actions[verb];
    if (!action) throw new ToolError(`error: unknown command "${verb}"\nSee 'kubectl config -h' for help and examples`);
    await action(session, args);
    return 0;
  },
};

const actions: Record<string, (session: Session, args: string[]) => Promise<void>> = {
  async 'current-context'({ kubeconfig, out }) {
    const current = (await read(kubeconfig))['current-context'];
    if (!current) throw new ToolError('error: current-context is not set');
    out(`${current}\n`);
  },
  async 'get-contexts'({ kubeconfig, flags, out }, [only]) {
    const config = await read(kubeconfig);
    const contexts = (config.contexts ?? []).filter((c) => only === undefined || c.name === only);
    if (only !== undefined && contexts.length === 0) throw new ToolError(`error: context ${only} not found`);
    if (flags.text('output') === 'name') return out(contexts.map((c) => `${c.name}\n`).join(''));
    const rows = contexts.map(({ name, context = {} }) => [
      name === config['current-context'] ? '*' : '',
      name,
      context.cluster ?? '',
      context.user ?? '',
      context.namespace ?? '',
    ]);
    out(
      columns([
        ...(flags.bool('no-headers') ? [] : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']]),
        ...rows,
      ]),
    );
  },
  async 'set-context'({ kubeconfig, flags, out }, [named]) {
    const document = await readDocument(kubeconfig);
    const name = flags.bool('current') ? document.get('current-context') : named;
    const namespace = flags.text('namespace');
    if (typeof name !== 'string') throw new ToolError('error: you must specify a non-empty context name or --current');
    const contexts = document.get('contexts');
    const entry = isSeq(contexts) ? contexts.items.find((i) => isMap(i) && i.get('name') === name) : undefined;
    if (!isMap(entry)) throw new ToolError(`error: no context exists with the name: "${name}"`);
    if (namespace !== undefined) entry.setIn(['context', 'namespace'], namespace);
    await write(kubeconfig, document);
    out(`Context "${name}" modified.\n`);
  },
  async 'use-context'({ kubeconfig, out }, [name]) {
    const document = await readDocument(kubeconfig);
    const config = document.toJS() as Config;
    if (!config.contexts?.some((c) => c.name === name))
      throw new ToolError(`error: no context exists with the name: "${name ?? ''}"`);
    document.set('current-context', name);
    await write(kubeconfig, document);
    out(`Switched to context "${name}".\n`);
  },
  async view({ kubeconfig, flags, out }) {
    const config = await read(kubeconfig);
    const shown = flags.bool('raw') ? config : redacted(config);
    const chosen = { preferences: {}, ...(flags.bool('minify') ? minified(shown) : shown) };
    out(flags.text('output') === 'json' ? toJson(chosen) : toYaml(chosen));
  },
};

async function readDocument(path: string): Promise<Document> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return parseDocument(
    text ||
      'apiVersion: v1\nclusters: null\ncontexts: null\ncurrent-context: ""\nkind: Config\npreferences: {}\nusers: null\n',
  );
}

const read = async (path: string) => (await readDocument(path)).toJS() as Config;

/** In one step, and for its owner only: it holds credentials. */
async function write(path: string, document: Document): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, document.toString({ lineWidth: 0 }), { mode: 0o600 });
  await rename(draft, path);
}

function redacted(config: Config): Config {
  const hide = (fields: Record<string, unknown> = {}) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => {
        if (name.endsWith('-data')) return [name, 'DATA+OMITTED'];
        return [name, name === 'token' || name === 'password' ? 'REDACTED' : value];
      }),
    );
  return {
    ...config,
    clusters: config.clusters?.map((c) => ({ ...c, cluster: hide(c.cluster) })) ?? null,
    users: config.users?.map((u) => ({ ...u, user: hide(u.user) })) ?? null,
  };
}

function minified(config: Config): Config {
  const contexts = (config.contexts ?? []).filter((c) => c.name === config['current-context']);
  const { cluster, user } = contexts[0]?.context ?? {};
  return {
    ...config,
    contexts,
    clusters: (config.clusters ?? []).filter((c) => c.name === cluster),
    users: (config.users ?? []).filter((u) => u.name === user),
  };
}
