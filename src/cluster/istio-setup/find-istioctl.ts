// The real istioctl on this machine, and which version it is.
import { CodedError } from '../coded-error.ts';
import { findProgram, type Places } from '../programs/find-program.ts';
import { runProgram } from '../programs/run-program.ts';

export interface FoundIstioctl {
  path: string;
  /** `1.30.3`, `1.32-dev`. */
  version: string;
}

/** Undefined when there is none. Rejects with ProgramError, or MALLA-IST-20 when it does not say its version. */
export async function findIstioctl(places: Places, signal?: AbortSignal): Promise<FoundIstioctl | undefined> {
  const path = await findProgram('istioctl', places);
  if (path === undefined) return undefined;
  const { stdout } = await runProgram({
    program: path,
    args: ['version', '--remote=false', '-o', 'json'],
    timeout: 20_000,
    env: places.env,
    ...(signal && { signal }),
  });
  const version = versionIn(stdout);
  if (version !== undefined) return { path, version };
  throw new CodedError({
    code: 'MALLA-IST-20',
    happened: `${path} no dice qué versión es.`,
    expected: 'El istioctl de Istio.',
    todo: 'Comprueba que ese programa es istioctl; «malla kind herramientas» puede traer uno.',
  });
}

function versionIn(stdout: string): string | undefined {
  try {
    const { clientVersion } = JSON.parse(stdout) as { clientVersion?: { version?: unknown } };
    return typeof clientVersion?.version === 'string' ? clientVersion.version : undefined;
  } catch {
    return undefined;
  }
}
