// A cluster that looks like production is joined only by who types its name.
import { createInterface } from 'node:readline/promises';
import { CodedError } from '../../cluster/coded-error.ts';
import { printable } from '../../cluster/kubeadm/kubeconfig-error.ts';
import type { Host } from '../host.ts';

/** `given` is what --confirmo says. Rejects with MALLA-KCF-30 where the name is not typed. */
export async function confirmByName(
  host: Host,
  name: string,
  signs: readonly string[],
  given: string | undefined,
): Promise<void> {
  if (signs.length === 0 || given === name) return;
  if (given === undefined && host.stdin.isTTY === true) {
    const lines = createInterface({ input: host.stdin, output: host.stderr });
    try {
      const question = `Parece un clúster que se usa para algo más que practicar: ${signs.join('; ')}.\nSi quieres seguir, escribe el nombre del contexto: `;
      if ((await lines.question(question, { signal: host.signal })).trim() === name) return;
    } finally {
      lines.close();
    }
  }
  throw new CodedError({
    code: 'MALLA-KCF-30',
    happened: `Parece un clúster que se usa para algo más que practicar: ${signs.join('; ')}.`,
    expected: 'Que confirmes que es ese escribiendo el nombre de su contexto.',
    todo: `Si lo es, repite la orden con --confirmo '${printable(name)}'. Mira antes qué hay en él con «malla kubeadm mirar».`,
  });
}
