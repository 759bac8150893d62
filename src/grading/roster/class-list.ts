// Who is in the class, for grading: the same list as for a cluster of a class, with the code under which each hands in.
import { type Listed, readListed } from '../../cluster/classroom/roster.ts';
import { CodedError } from '../../cluster/coded-error.ts';
import { closest } from '../../diagnosis/typo.ts';

const largestClass = 5_000;

/** On the list, with a code that is never empty: their own, else the user, else one made from the name. */
export type Enrolled = Listed;

export interface ClassList {
  /** In the order of the list. */
  enrolled: readonly Enrolled[];
  /** By the code that a hand-in claims, capitals apart; also by user or mail, when only one can be meant. */
  find(claimed: string): Enrolled | undefined;
  /** The one whose code is a slip away from what was written. */
  meant(claimed: string): Enrolled | undefined;
}

/** Throws MALLA-AUL-01 or 02 when it cannot be read, and MALLA-NOT-01 when two have the same code. */
export function readClassList(bytes: Uint8Array): ClassList {
  const enrolled = readWritten(bytes).map((person) => ({ ...person, code: person.code || person.user || person.id }));
  const byCode = new Map<string, Enrolled>();
  for (const person of enrolled) {
    if (byCode.has(keyOf(person.code))) throw twice(person.code);
    byCode.set(keyOf(person.code), person);
  }
  const byOther = Map.groupBy(
    enrolled.flatMap((person) => [person.user, person.mail, person.id].map((name) => ({ name: keyOf(name), person }))),
    ({ name }) => name,
  );
  return {
    enrolled,
    find(claimed) {
      const people = new Set(byOther.get(keyOf(claimed))?.map(({ person }) => person));
      return byCode.get(keyOf(claimed)) ?? (people.size === 1 ? [...people][0] : undefined);
    },
    meant: (claimed) => closest(keyOf(claimed).slice(0, 100), enrolled, (p) => keyOf(p.code)),
  };
}

/** As the list has them: '' for who has no code. Throws MALLA-AUL-01 or 02. */
export function readWritten(bytes: Uint8Array): Listed[] {
  return readListed(bytes, largestClass);
}

function keyOf(code: string): string {
  return code.normalize('NFC').trim().toLowerCase();
}

function twice(code: string): CodedError {
  return new CodedError({
    code: 'MALLA-NOT-01',
    happened: `El código «${code}» está dos veces en la lista de la clase.`,
    expected: 'un código distinto para cada alumno',
    todo: 'Corrige la lista, o borra su columna «codigo» y haz códigos nuevos con «malla calificar codigos».',
  });
}
