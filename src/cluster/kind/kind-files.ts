// Where Malla keeps what it knows of its kind clusters.
import { join } from 'node:path';
import { badName } from './errors.ts';

export const usualName = 'malla';

export interface KindFiles {
  folder: string;
  kubeconfig: string;
  record: string;
}

/** `home` is Malla's own folder. Throws MALLA-KND-27 when a cluster cannot have that name. */
export function kindFiles(home: string, name: string): KindFiles {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) throw badName(name);
  const folder = join(home, 'kind');
  const prefix = name === usualName ? '' : `${name}.`;
  return { folder, kubeconfig: join(folder, `${prefix}kubeconfig`), record: join(folder, `${prefix}cluster.json`) };
}
