// The course as the command line needs it: loaded once, with a clear refusal when a lab is malformed or unknown.
import { join } from 'node:path';
import { CodedError } from '../cluster/coded-error.ts';
import { mallaHome } from '../cluster/home.ts';
import { readSeed } from '../cluster/student-seed.ts';
import type { Lab, Step } from '../labs/lab.ts';
import { loadLabs } from '../labs/load.ts';
import { orderLabs } from '../labs/order.ts';
import { labsIn } from '../labs/place/fits.ts';
import type { Host } from './host.ts';
import { readPlace } from './place.ts';

/** All labs, those that others start from first. Throws MALLA-LAB-01 with every problem when one is malformed. */
export async function loadCourse(host: Host): Promise<Lab[]> {
  const place = await readPlace(host);
  const { labs, problems } = await loadLabs(labsFolder(host), join(host.root, 'samples'), {
    seed: readSeed(mallaHome(host.env), host.env),
    place,
  });
  if (problems.length > 0) {
    throw new CodedError({
      code: 'MALLA-LAB-01',
      happened: `Hay laboratorios mal escritos:\n${problems.map((p) => `  ${p.file}:${p.line}:${p.column} [${p.code}] ${p.message}`).join('\n')}`,
      expected: 'Todos los laboratorios siguen el formato de docs/escribir-un-lab.md.',
      todo: problems.map((p) => p.cure).join(' '),
    });
  }
  return orderLabs(place ? labsIn(place, labs) : labs);
}

/** Where the labs are: the course's own, unless MALLA_LABS says otherwise. */
export function labsFolder(host: Host): string {
  return host.env.MALLA_LABS ?? join(host.root, 'labs');
}

/** Throws MALLA-USO-02 when there is no such lab, and MALLA-AUL-10 when it does not fit where the student works. */
export function findLab(labs: readonly Lab[], id: string): Lab {
  const lab = labs.find((l) => l.id === id);
  if (lab?.notHere !== undefined) {
    const fitting = labs.filter((l) => l.notHere === undefined).map((l) => l.id);
    throw new CodedError({
      code: 'MALLA-AUL-10',
      happened: `El laboratorio «${id}» no cabe en tu espacio de nombres: ${lab.notHere}.`,
      expected: `Uno de los que se quedan en él: ${fitting.join(', ')}.`,
      todo: 'Haz ese en el clúster embebido: «malla cluster usar embebido».',
    });
  }
  if (lab) return lab;
  throw new CodedError({
    code: 'MALLA-USO-02',
    happened: `No existe el laboratorio «${id}».`,
    expected: `Uno de estos: ${labs.map((l) => l.id).join(', ')}.`,
    todo: 'Escribe «malla labs» para ver la lista.',
  });
}

/** A step by its id or its number from 1. Throws MALLA-USO-03 when there is no such step. */
export function findStep(lab: Lab, name: string): Step {
  const step = lab.steps.find((s, i) => s.id === name || String(i + 1) === name);
  if (step) return step;
  throw new CodedError({
    code: 'MALLA-USO-03',
    happened: `El laboratorio ${lab.id} no tiene el paso «${name}».`,
    expected: `Uno de estos: ${lab.steps.map((s, i) => `${i + 1} (${s.id})`).join(', ')}.`,
    todo: `Escribe «malla lab ${lab.id}» para ver sus pasos.`,
  });
}

/** The labs whose solutions leave the state that `lab` starts from, in order, without `lab` itself. */
export function previousLabs(labs: readonly Lab[], lab: Lab): Lab[] {
  const needed = new Set<string>();
  const add = (id: string): void => {
    const required = labs.find((l) => l.id === id);
    if (!required || needed.has(id)) return;
    for (const previous of required.requires) add(previous);
    needed.add(id);
  };
  for (const id of lab.requires) add(id);
  return labs.filter((l) => needed.has(l.id));
}
