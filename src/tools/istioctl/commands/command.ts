// What a command of istioctl is, and how it reaches the cluster.
import { connect } from '../../../cluster/client.ts';
import type { KubeClient } from '../../../cluster/contract.ts';
import type { FlagSpecs, Flags } from '../../flags.ts';
import { kubeconfigPath } from '../../kubeconfig-path.ts';
import { type Api, createApi } from '../../kubectl/api.ts';
import type { ToolContext } from '../../tool.ts';

export interface Invocation extends ToolContext {
  flags: Flags;
  args: string[];
}

export interface Command {
  /** Spanish, one line. */
  summary: string;
  usage?: string;
  flags: FlagSpecs;
  run(invocation: Invocation): Promise<number>;
}

export const globalFlags: FlagSpecs = {
  context: { kind: 'text' },
  help: { short: 'h', kind: 'bool' },
  istioNamespace: { short: 'i', kind: 'text' },
  kubeconfig: { short: 'c', kind: 'text' },
  'kubeclient-timeout': { kind: 'text' },
  namespace: { short: 'n', kind: 'text' },
  vklog: { kind: 'text' },
};

export function clientOf({ flags, env, signal }: Invocation): KubeClient {
  return connect(kubeconfigPath(flags.text('kubeconfig'), { env }), flags.text('context'), { signal });
}

/** Requests to the API server in kubectl's words, and the way to it. */
export function apiOf({ flags, env, signal, streams }: Invocation): Api {
  const context = flags.text('context');
  return createApi({
    kubeconfig: kubeconfigPath(flags.text('kubeconfig'), { env }),
    ...(context !== undefined && { context }),
    signal,
    warn: (message) => streams.stderr.write(`Warning: ${message}\n`),
  });
}

export const istioNamespaceOf = ({ flags }: Invocation): string => flags.text('istioNamespace') ?? 'istio-system';
