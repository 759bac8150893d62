// Which kubeconfig files count: the one that is named, else those of KUBECONFIG, else ~/.kube/config; as for kubectl.
import { delimiter, join, resolve } from 'node:path';
import { CodedError } from '../coded-error.ts';
import { type Kubeconfig, mergeKubeconfigs, readKubeconfigDocument } from './kubeconfig-document.ts';
import { kubeconfigFault } from './kubeconfig-error.ts';

export interface WhereToLook {
  /** Of the command line; then nothing else counts. */
  file?: string | undefined;
  env: Record<string, string | undefined>;
  /** The user's. */
  home: string;
  cwd: string;
}

export function kubeconfigFiles({ file, env, home, cwd }: WhereToLook): string[] {
  if (file !== undefined) return [resolve(cwd, file)];
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  return listed.length > 0 ? [...new Set(listed.map((path) => resolve(cwd, path)))] : [join(home, '.kube', 'config')];
}

/**
 * All of them as one. A file of KUBECONFIG that is not there is passed over, as kubectl does; when none is there, or
 * any is not fit, rejects with CodedError (MALLA-KCF-01 to 06, 28, 29).
 */
export async function readKubeconfigs(where: WhereToLook, agreed: ReadonlySet<string>): Promise<Kubeconfig> {
  const files = kubeconfigFiles(where);
  const read: Kubeconfig[] = [];
  for (const file of files) {
    try {
      read.push(await readKubeconfigDocument(file, agreed));
    } catch (error) {
      if (!(files.length > 1 && isAbsent(error))) throw error;
    }
  }
  if (read.length === 0)
    throw kubeconfigFault('MALLA-KCF-01', `No existe ninguno de estos ficheros: ${files.join(', ')}.`);
  return mergeKubeconfigs(read);
}

function isAbsent(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return error instanceof CodedError && error.code === 'MALLA-KCF-01' && cause?.code === 'ENOENT';
}
