// The list of a class: a CSV as spreadsheets write it → students with safe, unique names.
import { CodedError } from '../coded-error.ts';
import { printable } from '../kubeadm/kubeconfig-error.ts';

export interface Student {
  /** Lower case, digits and hyphens, at most 30; unique in the class. */
  id: string;
  /** As written. */
  name: string;
}

export const largestRoster = 1024 * 1024;
const mostStudents = 200;
const longest = 30;

/** Throws CodedError MALLA-AUL-01 (it cannot be read as a list) or 02 (what it says of somebody is not fit). */
export function readRoster(bytes: Uint8Array): Student[] {
  const rows = readRows(decode(bytes));
  const [head = [], ...rest] = rows;
  const columns = head.map(columnOf);
  const titled = columns.some((c) => c !== undefined);
  const people = (titled ? rest : rows).map((row) => personOf(row, titled ? columns : ['name']));
  const listed = people.filter((p) => p.name !== '' || p.user !== '');
  if (listed.length === 0) throw fault('MALLA-AUL-01', 'La lista no tiene ningún alumno.');
  if (listed.length > mostStudents)
    throw fault('MALLA-AUL-01', `La lista tiene ${listed.length} alumnos, y caben ${mostStudents}.`);
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
}

type Column = 'name' | 'surname' | 'user' | 'mail';

const titles: readonly [RegExp, Column][] = [
  [/^(nombre( completo)?|alumn[oa]|name|estudiante)$/, 'name'],
  [/^(apellidos?|surname)$/, 'surname'],
  [/^(id|usuario|login|user|dni|nia|matricula)$/, 'user'],
  [/^(correo( electronico)?|e-?mail|mail)$/, 'mail'],
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
  const [mail, user] = [of('mail'), of('user')];
  const name = `${of('name')} ${of('surname')}`.trim() || user || mail;
  if (/\p{Cc}/u.test(name)) throw fault('MALLA-AUL-02', `El nombre «${printable(name)}» lleva caracteres de control.`);
  return { name: name.slice(0, 200), user, mail };
}

/** The user's own name first, then the name, then the mail; whoever comes second with the same one gets a number. */
function nameAll(people: readonly Person[]): Student[] {
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
    return { id, name: person.name };
  });
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > largestRoster) throw fault('MALLA-AUL-01', 'La lista pasa de 1 MB.');
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.includes(0)) throw fault('MALLA-AUL-01', 'La lista es un fichero binario: guárdala como CSV.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // What Excel writes in Spain, when nobody tells it otherwise.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Fields may be in quotes, with quotes doubled inside. Empty rows are left out. */
function readRows(content: string): string[][] {
  const separator = separatorOf(content.slice(0, content.search(/[\r\n]|$/)));
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = (): void => {
    row.push(field);
    if (row.some((f) => f.trim() !== '')) rows.push(row);
    row = [];
    field = '';
  };
  for (let i = 0; i < content.length; i++) {
    const c = content.charAt(i);
    if (quoted) {
      if (c !== '"') field += c;
      else if (content[i + 1] === '"') field += content.charAt(++i);
      else quoted = false;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === separator) {
      row.push(field);
      field = '';
    } else if (c === '\n') endRow();
    else if (c !== '\r') field += c;
  }
  endRow();
  if (quoted) throw fault('MALLA-AUL-01', 'En la lista hay unas comillas que no se cierran.');
  return rows;
}

function separatorOf(line: string): string {
  const count = (c: string): number => line.split(c).length;
  return [';', '\t', ','].reduce((best, c) => (count(c) > count(best) ? c : best));
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
