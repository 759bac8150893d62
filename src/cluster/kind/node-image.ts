// Whether the nodes' image is on this machine already: if not, it is a download, and that is for the student to say.
import { ProgramError } from '../programs/program-error.ts';
import { runProgram } from '../programs/run-program.ts';
import { usualImage } from './config.ts';
import { explainRuntime } from './errors.ts';
import type { KindTools } from './tools.ts';

/** The option, else MALLA_KIND_IMAGEN, else that of the class bundle in use, else the usual one. */
export function chooseImage(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  bundled?: string,
): string {
  return option ?? (env.MALLA_KIND_IMAGEN || (bundled ?? usualImage));
}

/** Rejects with CodedError when the runtime cannot be asked. */
export async function hasImage(tools: KindTools, image: string, signal?: AbortSignal): Promise<boolean> {
  const { name, path } = tools.runtime;
  const args = ['image', 'inspect', '--format', '{{.Id}}', image];
  try {
    await runProgram({ program: path, args, timeout: 20_000, env: tools.env, ...(signal ? { signal } : {}) });
    return true;
  } catch (error) {
    if (
      error instanceof ProgramError &&
      error.trouble === 'código' &&
      /no such image|not found|not known/i.test(error.stderr)
    )
      return false;
    throw explainRuntime(name, error);
  }
}
