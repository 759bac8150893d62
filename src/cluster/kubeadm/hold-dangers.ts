import { readKubeconfigDocument } from './kubeconfig-document.ts';
import { dangerError } from './kubeconfig-error.ts';
import { pickContext } from './pick-context.ts';

/**
 * Before a kubeconfig that somebody names is used as it is: rejects with CodedError for a danger that is not agreed to, and
 * for a file that is not fit. Of the file itself nothing else is read, run or followed.
 */
export async function holdDangers(path: string, agreed: ReadonlySet<string>): Promise<void> {
  const { dangers } = pickContext(await readKubeconfigDocument(path, agreed));
  const [held, ...rest] = dangers.filter(({ code }) => !agreed.has(code));
  if (held) throw dangerError([held, ...rest]);
}
