// Which cluster the student works on, kept in Malla's home: the terminal and the editor work on the same one.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { CodedError } from './coded-error.ts';
import type { Stay } from './contract.ts';
import { writePrivateFile } from './private-file.ts';

const url = z.httpUrl().or(z.url({ protocol: /^https?$/ }));

const chosenSchema = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('embebido') }),
    z.object({
      kind: z.literal('kind'),
      /** kind's own name of the cluster. */
      name: z.string().min(1),
      kubeconfig: z.string().min(1),
      entry: url.optional(),
      secureEntry: url.optional(),
    }),
    z.object({
      kind: z.literal('kubeadm'),
      /** Malla's own copy, with that context alone. */
      kubeconfig: z.string().min(1),
      context: z.string().min(1),
      server: z.string().min(1),
      entry: url.optional(),
      nodeHost: z.string().min(1).optional(),
      /** The labs stay in it. */
      namespace: z.string().min(1).optional(),
      /** Value of the label `istio` of the ingress gateway in that namespace, when it has its own. */
      gateway: z.string().min(1).optional(),
      /** Dangers that the user agreed to, by code. */
      agreed: z.array(z.string()),
    }),
  ]),
);

export type ChosenCluster = z.infer<typeof chosenSchema>;

/** The embedded one when nothing was chosen. Rejects with CodedError when the file cannot be read or understood. */
export async function readChosen(home: string): Promise<ChosenCluster> {
  const path = fileOf(home);
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { kind: 'embebido' };
    throw broken(path, error);
  }
  try {
    return chosenSchema.parse(JSON.parse(content));
  } catch (error) {
    throw broken(path, error);
  }
}

/** Where the labs stay on the chosen cluster; undefined: anywhere. */
export function stayOf(chosen: Pick<ChosenCluster, 'kind'> & Partial<Stay>): Stay | undefined {
  const { kind, namespace, gateway } = chosen;
  if (kind !== 'kubeadm' || namespace === undefined) return undefined;
  return { namespace, ...(gateway === undefined ? {} : { gateway }) };
}

/** Rejects with CodedError when it cannot be written; what was chosen before stays. */
export async function writeChosen(home: string, chosen: ChosenCluster): Promise<void> {
  const path = fileOf(home);
  try {
    await writePrivateFile(path, `${JSON.stringify(chosenSchema.parse(chosen), null, 2)}\n`);
  } catch (cause) {
    throw new CodedError({
      code: 'MALLA-CLU-31',
      happened: `No se puede escribir ${path}: ${messageOf(cause)}`,
      expected: 'Una carpeta en la que tu usuario pueda escribir, con espacio libre.',
      todo: 'Da permiso a tu usuario, libera espacio o elige otra carpeta con MALLA_HOME.',
      cause,
    });
  }
}

function fileOf(home: string): string {
  return join(home, 'cluster.json');
}

function broken(path: string, cause: unknown): CodedError {
  return new CodedError({
    code: 'MALLA-CLU-30',
    happened: `No se entiende ${path}, que dice con qué clúster trabajas.`,
    expected: 'El fichero que escribe «malla cluster usar».',
    todo: 'Vuelve a elegir con «malla cluster usar embebido» (o kind, o kubeadm): el fichero se escribe de nuevo.',
    cause,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
