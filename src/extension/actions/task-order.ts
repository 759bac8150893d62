// What a task of the kind `malla` asks for, from tasks.json, which anybody writes: validated. Does not know `vscode`.
import * as z from 'zod';
import type { ClusterAccess } from '../cluster/program-output.ts';

/** Names that go to the program as they are; one that begins with a dash would be read as an option. */
const word = z.string().regex(/^[^-\s][^\s]*$/);
const path = z.string().regex(/^[^-]/);

const order = z.lazy(() =>
  z.discriminatedUnion('orden', [
    z.object({ orden: z.literal('verificar'), lab: word, paso: word.optional() }),
    z.object({ orden: z.literal('medir'), ruta: word, espacio: word.optional(), carpeta: path.optional() }),
    z.object({ orden: z.literal('aplicar'), fichero: path, carpeta: path.optional() }),
  ]),
);

export type TaskOrder = z.infer<typeof order>;

/** Undefined for a task that is not understood. */
export function readTask(definition: unknown): TaskOrder | undefined {
  return order.safeParse(definition).data;
}

/** `where`: the student's folder, '' when there is none. */
export function taskArguments(
  task: TaskOrder,
  where: string,
  access: Pick<ClusterAccess, 'kubeconfig' | 'entry'> | undefined,
): string[] {
  switch (task.orden) {
    case 'verificar':
      return ['verificar', task.lab, ...(task.paso ? [task.paso] : []), ...(where ? ['--carpeta', where] : [])];
    case 'medir':
      return [
        'medir',
        task.ruta,
        ...(task.espacio ? ['--espacio', task.espacio] : []),
        ...(access ? ['--kubeconfig', access.kubeconfig] : []),
        ...(access?.entry ? ['--entrada', access.entry] : []),
      ];
    case 'aplicar':
      return ['kubectl', 'apply', '-f', task.fichero];
  }
}
