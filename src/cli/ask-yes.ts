// A question that only a clear yes answers: on a terminal it is asked, elsewhere `--si` says it beforehand.
import { createInterface } from 'node:readline/promises';
import { CodedError } from '../cluster/coded-error.ts';
import type { Host } from './host.ts';

export const yesOption = ['--si', 'no pregunta: hazlo'] as const;

/** `question` is Spanish, without the choices. Rejects with MALLA-USO-30 where nobody can be asked. */
export async function askYes(host: Host, question: string, { si = false }: { si?: boolean }): Promise<boolean> {
  if (si) return true;
  if (host.stdin.isTTY !== true) {
    throw new CodedError({
      code: 'MALLA-USO-30',
      happened: 'Esta orden pide permiso, y aquí no hay un terminal donde preguntar.',
      expected: 'Un sí claro antes de cambiar nada.',
      todo: 'Mira lo que haría y, si estás de acuerdo, repite la orden con --si.',
    });
  }
  const lines = createInterface({ input: host.stdin, output: host.stderr });
  try {
    const answer = await lines.question(`${question} [s/N] `, { signal: host.signal });
    return /^s[ií]?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
