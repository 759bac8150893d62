import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The official program, when the machine has it: named by MALLA_TEST_ISTIOCTL, else in the PATH. */
export async function findIstioctl(): Promise<string | undefined> {
  for (const path of [process.env.MALLA_TEST_ISTIOCTL, 'istioctl']) {
    if (!path) continue;
    const found = await promisify(execFile)(path, ['version', '--remote=false']).catch(() => undefined);
    if (found) return path;
  }
  console.warn(
    'istioctl oficial no encontrado: las pruebas que lo necesitan no se hacen (MALLA_TEST_ISTIOCTL dice dónde está)',
  );
  return undefined;
}
