import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ToolContext } from './tool.ts';

/** The kubeconfig a tool uses: its flag, else the first file of KUBECONFIG that exists, else the user's own. */
export function kubeconfigPath(flag: string | undefined, { env }: Pick<ToolContext, 'env'>): string {
  if (flag) return flag;
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean);
  return listed.find((path) => existsSync(path)) ?? listed[0] ?? join(env.HOME ?? homedir(), '.kube', 'config');
}
