// The list of a class: a CSV as spreadsheets write it → students with safe, unique names.
import { CodedError } from '../coded-error.ts';
import { printable } from '../kubeadm/kubeconfig-error.ts';
import { readTable, TableFault } from './csv-table.ts';

export interface Student {
  /** Lower case, digits and hyphens, at most 30; unique in the class. */
  id: string;
  /** As written. */
  name: string;
}

export const largestRoster = 1024 * 1024;
const mostStudents = 200;
const longest = 30;

/** Whoever is on a list, with all that the list says of them. '' where it says nothing. */
export interface Listed extends Student {
  user: string;
  mail: string;
  /** An anonymous one, when the list has them. */
  code: string;
}

/** Throws CodedError MALLA-AUL-01 (it cannot be read as a list) or 02 (what it says of somebody is not fit). */
export function readRoster(bytes: Uint8Array): Student[] {
  return readListed(bytes, mostStudents).map(({ id, name }) => ({ id, name }));
}

/** The same list with all that it says, for as many as `most`. Throws as readRoster. */
export function readListed(bytes: Uint8Array, most: number): Listed[] {
  const rows = readRows(bytes);
  const [head = [], ...rest] = rows;
  const columns = head.map(columnOf);
  const titled = columns.some((c) => c !== undefined);
  const people = (titled ? rest : rows).map((row) => personOf(row, titled ? columns : ['name']));
  const listed = people.filter((p) => p.name !== '' || p.user !== '' || p.code !== '');
  if (listed.length === 0) throw fault('MALLA-AUL-01', 'La lista no tiene ningún alumno.');
  if (listed.length > most) throw fault('MALLA-AUL-01', `La lista tiene ${listed.length} alumnos, y caben ${most}.`);
  return nameAll(listed);
}

/** A name without accents or anything that a cluster would not take. '' when nothing of it is left. */
export function safeName(written: string): string {
  return written
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđ]/g, (letter) => spelled[letter] ?? '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
}

const spelled: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd' };

interface Person {
  name: string;
  user: string;
  mail: string;
  code: string;
}

type Column = 'name' | 'surname' | 'user' | 'mail' | 'code';

const titles: readonly [RegExp, Column][] = [
  [/^(nombre( completo)?|alumn[oa]|name|estudiante)$/, 'name'],
  [/^(apellidos?|surname)$/, 'surname'],
  [/^(id|usuario|login|user|dni|nia|matricula)$/, 'user'],
  [/^(direccion de )?(correo( electronico)?|e-?mail|mail)( address)?$/, 'mail'],
  [/^(codigo|code)$/, 'code'],
];

function columnOf(title: string): Column | undefined {
  const plain = title.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();
  return titles.find(([pattern]) => pattern.test(plain))?.[1];
}

function personOf(row: readonly string[], columns: readonly (Column | undefined)[]): Person {
  const of = (wanted: Column): string => {
    const at = columns.indexOf(wanted);
    return at < 0 ? '' : (row[at] ?? '').trim().replace(/\s+/g, ' ');
  };
  const [mail, user, code] = [of('mail'), of('user'), of('code')];
  const name = `${of('name')} ${of('surname')}`.trim() || user || mail || code;
  if (/\p{Cc}/u.test(name)) throw fault('MALLA-AUL-02', `El nombre «${printable(name)}» lleva caracteres de control.`);
  return { name: name.slice(0, 200), user, mail, code };
}

function readRows(bytes: Uint8Array): string[][] {
  if (bytes.length > largestRoster) throw fault('MALLA-AUL-01', 'La lista pasa de 1 MB.');
  try {
    return readTable(bytes);
  } catch (error) {
    if (!(error instanceof TableFault)) throw error;
    throw fault(
      'MALLA-AUL-01',
      error.kind === 'binario'
        ? 'La lista es un fichero binario: guárdala como CSV.'
        : 'En la lista hay unas comillas que no se cierran.',
    );
  }
}

/** The user's own name first, then the name, then the mail; whoever comes second with the same one gets a number. */
function nameAll(people: readonly Person[]): Listed[] {
  const wanted = people.map((p) => safeName(p.user || p.name));
  const counts = Map.groupBy(wanted, (id) => id);
  const taken = new Set<string>();
  return people.map((person, i) => {
    const first = wanted[i] ?? '';
    if (person.user && (counts.get(first)?.length ?? 0) > 1)
      throw fault('MALLA-AUL-02', `El usuario «${printable(person.user)}» está más de una vez en la lista.`);
    const shared = (counts.get(first)?.length ?? 0) > 1;
    const base = (shared && safeName(person.mail.split('@')[0] ?? '')) || first || `alumno-${i + 1}`;
    let id = base;
    for (let n = 2; taken.has(id); n++) id = `${base.slice(0, longest - 4)}-${n}`;
    taken.add(id);
    return { ...person, id };
  });
}

function fault(code: 'MALLA-AUL-01' | 'MALLA-AUL-02', happened: string): CodedError {
  return new CodedError({
    code,
    happened,
    expected:
      'Un CSV con un alumno por línea, y arriba los títulos: nombre, apellidos, usuario, correo (con uno basta).',
    todo: 'Corrige la lista y repite la orden: lo que ya estaba hecho no se repite.',
  });
}
