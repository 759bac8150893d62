// Lines of students' files that the lab did not give them and that two of them share.
import type { Likeness } from '../class/class-result.ts';
import { safeLines } from '../handin/safe-text.ts';
import type { Owned } from './owned.ts';

/** Fewer are chance: there are not many ways of writing the same rule. */
const fewest = 3;
/** A line that this share of the class has is what the exercise leads to. */
const usual = 0.1;
const shortest = 6;
/** Of a side that is shown. */
const shownLines = 60;

interface StudentFile {
  owned: Owned;
  lab: string;
  path: string;
  lines: string[];
  /** Index of those that are the student's own, by their text without spaces around. */
  own: Map<string, number>;
}

export function commonLines(
  owned: readonly Owned[],
  ownLines: (lab: string, seed: string) => ReadonlySet<string>,
): Likeness[] {
  const files = owned.flatMap((o) => filesOf(o, ownLines));
  const students = new Set(owned.map((o) => o.code)).size;
  const holders = new Map<string, StudentFile[]>();
  for (const file of files)
    for (const line of file.own.keys()) {
      const same = holders.get(line);
      if (same) same.push(file);
      else holders.set(line, [file]);
    }
  const pairs = new Map<string, { one: StudentFile; other: StudentFile; lines: string[] }>();
  for (const [line, of] of holders) {
    if (new Set(of.map((f) => f.owned.code)).size > Math.max(3, students * usual)) continue;
    for (const [i, one] of of.entries())
      for (const other of of.slice(i + 1)) {
        if (one.owned.code === other.owned.code || one.lab !== other.lab) continue;
        const key = [one, other].map((f) => `${f.owned.code} ${f.lab} ${f.path}`).join('\n');
        const pair = pairs.get(key) ?? { one, other, lines: [] };
        pair.lines.push(line);
        pairs.set(key, pair);
      }
  }
  return [...pairs]
    .filter(([, { one, other, lines }]) => lines.length >= fewest || sameText(one, other))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { one, other, lines }]) => likeness(one, other, lines));
}

/** The last version of each file; the same file of several hand-ins of a student once. */
function filesOf({ code, graded }: Owned, ownLines: (lab: string, seed: string) => ReadonlySet<string>): StudentFile[] {
  return graded.labs.flatMap((lab) => {
    const last = new Map(lab.steps.flatMap((step) => step.files.map((f) => [f.path, f.sha256] as const)));
    const given = ownLines(lab.lab, graded.seed ?? '');
    return [...last].map(([path, sha256]) => {
      const lines = safeLines(graded.texts[sha256] ?? '').split('\n');
      const own = new Map<string, number>();
      for (const [i, line] of lines.entries()) {
        const text = line.trim();
        if (text.length >= shortest && !given.has(text) && !own.has(text)) own.set(text, i);
      }
      return { owned: { code, graded }, lab: lab.lab, path, lines, own };
    });
  });
}

function sameText(one: StudentFile, other: StudentFile): boolean {
  const plain = ({ lines }: StudentFile): string =>
    lines
      .map((l) => l.trim())
      .filter(Boolean)
      .join('\n');
  return plain(one) === plain(other);
}

function likeness(one: StudentFile, other: StudentFile, lines: readonly string[]): Likeness {
  const whole = sameText(one, other);
  const count = lines.length === 1 ? 'Una línea' : `${lines.length} líneas`;
  const names =
    one.path === other.path ? `${one.lab}/${one.path}` : `${one.lab}/${one.path} y ${other.lab}/${other.path}`;
  const what = whole
    ? `${names} dice lo mismo entero, y tiene ${lines.length === 1 ? 'una línea' : `${lines.length} líneas`} que no venían en el laboratorio.`
    : `${count} de ${names} son las mismas y no venían en el laboratorio.`;
  return {
    kind: whole ? 'fichero igual' : 'líneas iguales',
    students: [one.owned.code, other.owned.code],
    what,
    sides: [one, other].map((file) => sideOf(file, lines)),
  };
}

function sideOf({ owned, lab, path, lines, own }: StudentFile, shared: readonly string[]): Likeness['sides'][number] {
  const at = shared.map((line) => own.get(line) ?? 0).toSorted((a, b) => a - b);
  const first = Math.max(0, (at[0] ?? 0) - 3);
  const shown = lines.slice(first, first + shownLines);
  return {
    submission: owned.graded.submission,
    place: `${lab}/${path}`,
    from: first + 1,
    text: shown.join('\n'),
    marked: at.filter((i) => i < first + shownLines).map((i) => i + 1),
  };
}
