// One call of kubectl: its flags, its cluster, its namespace.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { FlagSpecs, Flags } from '../flags.ts';
import { kubeconfigPath } from '../kubeconfig-path.ts';
import type { ToolContext } from '../tool.ts';
import { type Api, createApi } from './api.ts';
import { createDiscovery, type Discovery } from './discovery.ts';

export interface Session extends ToolContext {
  flags: Flags;
  args: string[];
  afterDashes: string[] | undefined;
  kubeconfig: string;
  api: Api;
  discovery: Discovery;
  /** Of -n, else the context's, else default. */
  namespace(): Promise<string>;
  out(text: string): void;
  err(text: string): void;
}

export interface Command {
  /** Spanish, one line. */
  summary: string;
  flags: FlagSpecs;
  run(session: Session): Promise<number>;
}

export const globalFlags: FlagSpecs = {
  context: { kind: 'text' },
  help: { short: 'h', kind: 'bool' },
  kubeconfig: { kind: 'text' },
  namespace: { short: 'n', kind: 'text' },
  'request-timeout': { kind: 'text' },
  v: { short: 'v', kind: 'text' },
  'warnings-as-errors': { kind: 'bool' },
};

export function openSession(
  context: ToolContext,
  flags: Flags,
  args: string[],
  afterDashes: string[] | undefined,
): Session {
  const kubeconfig = kubeconfigPath(flags.text('kubeconfig'), context);
  const err = (text: string) => void context.streams.stderr.write(text);
  const api = createApi({
    kubeconfig,
    context: flags.text('context'),
    signal: context.signal,
    warn: (message) => err(`Warning: ${message}\n`),
  });
  return {
    ...context,
    flags,
    args,
    afterDashes,
    kubeconfig,
    api,
    discovery: createDiscovery(api),
    namespace: async () => flags.text('namespace') ?? (await contextNamespace(kubeconfig, flags.text('context'))),
    out: (text) => void context.streams.stdout.write(text),
    err,
  };
}

interface Config {
  'current-context'?: string;
  contexts?: { name: string; context?: { namespace?: string } }[];
}

async function contextNamespace(path: string, context: string | undefined): Promise<string> {
  const config = await readFile(path, 'utf8').then(
    (text) => parse(text) as Config | null,
    () => null,
  );
  const name = context ?? config?.['current-context'];
  return config?.contexts?.find((c) => c.name === name)?.context?.namespace || 'default';
}
