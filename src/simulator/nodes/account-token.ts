// The tokens that pods find in their files.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import type { AccountToken } from './program.ts';

const API_SERVER = 'https://kubernetes.default.svc.cluster.local';
/** The API server makes a pod's token good for that long, whatever the pod asks: old clients read it but once. */
const YEAR = 365 * 24 * 3600;

/** `issue` signs a token for an account; `expires` is in milliseconds since the epoch. */
export function accountTokens(
  registry: Pick<Registry, 'get'>,
  clock: Pick<Clock, 'now'>,
  issue: (account: KubeObject, audiences: string[], expires: number) => string,
): AccountToken {
  return ({ metadata, spec }, audience, seconds) => {
    const account = registry.get('serviceaccounts', metadata.namespace, spec?.serviceAccountName ?? 'default');
    if (!account) return undefined;
    const lasts = audience === undefined || audience === API_SERVER ? Math.max(seconds, YEAR) : seconds;
    return issue(account, [audience ?? API_SERVER], clock.now() + lasts * 1000);
  };
}
