// A file of somebody else's, read with bounds: never a device, a pipe or more than it should be.
import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { type Danger, type DangerCode, dangerError, kubeconfigFault, printable } from './kubeconfig-error.ts';

/** Bytes. A kubeconfig of a hundred clusters with their certificates is half of it. */
export const largestFile = 1024 * 1024;

/**
 * The file's bytes. Rejects with CodedError: MALLA-KCF-01 to 03, and the danger of a symbolic link (28) or of a file
 * that others may write (29) unless `agreed` has it. Nothing is read before that.
 */
export async function readBounded(path: string, agreed: ReadonlySet<string>): Promise<Buffer> {
  const shown = printable(path);
  const link = await lstat(path).catch((cause: unknown) => {
    throw kubeconfigFault('MALLA-KCF-01', `No se puede leer ${shown}: ${reasonOf(cause)}.`, cause);
  });
  if (link.isSymbolicLink()) hold('MALLA-KCF-28', shown, agreed);
  else if (!link.isFile()) throw kubeconfigFault('MALLA-KCF-02', `${shown} no es un fichero corriente.`);
  // Without O_NONBLOCK opening a pipe would wait for ever for somebody to write.
  const flags =
    constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (link.isSymbolicLink() ? 0 : (constants.O_NOFOLLOW ?? 0));
  const file = await open(path, flags).catch((cause: unknown) => {
    throw kubeconfigFault('MALLA-KCF-01', `No se puede leer ${shown}: ${reasonOf(cause)}.`, cause);
  });
  try {
    const found = await file.stat();
    const { mode } = found;
    if (!found.isFile()) throw kubeconfigFault('MALLA-KCF-02', `${shown} no es un fichero corriente.`);
    if (process.platform !== 'win32' && (mode & writableByOthers) !== 0)
      hold('MALLA-KCF-29', `${shown}, permisos ${(mode & 0o777).toString(8)}`, agreed);
    const bytes = await readAtMost(file, largestFile + 1);
    if (bytes.length > largestFile) throw kubeconfigFault('MALLA-KCF-03', `${shown} pasa de 1 MB.`);
    return bytes;
  } finally {
    await file.close();
  }
}

/** A group may be the user's own, as Debian makes them. */
const writableByOthers = 0o002;

function hold(code: DangerCode, what: string, agreed: ReadonlySet<string>): void {
  const danger: Danger = { code, what };
  if (!agreed.has(code)) throw dangerError([danger]);
}

/** Files such as those of /proc say that they are empty and are not: what counts is what comes. */
async function readAtMost(file: FileHandle, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < most) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(65_536, most - total)), 0);
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
  }
  return Buffer.concat(chunks);
}

function reasonOf(cause: unknown): string {
  const { code } = (cause ?? {}) as { code?: string };
  if (code === 'ENOENT') return 'no existe';
  if (code === 'EACCES' || code === 'EPERM') return 'no tienes permiso';
  return code ?? 'el sistema no deja abrirlo';
}
