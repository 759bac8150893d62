// From the bytes of a hand-in to what it holds, with everything that is wrong with it. A stranger made it: see limits.ts for
// what it may be. Throws only Refused.
import type { ZodType } from 'zod';
import type { Problem } from '../replay/graded.ts';
import { sha256 } from './canonical-json.ts';
import { beginningOf, firstBroken } from './chain.ts';
import {
  entryNames,
  type HandIn,
  handInFormat,
  handInSchema,
  type JournalRecord,
  journalRecordSchema,
  sealSchema,
} from './hand-in.ts';
import { type CoursePublic, checkSeal } from './keys.ts';
import { limits } from './limits.ts';
import { namedBy } from './make-hand-in.ts';
import { problem, quoted, type Refused, refuse } from './problems.ts';
import { hiddenIn, safeText } from './safe-text.ts';
import { ForbiddenKeyError, parseStrictly } from './strict-json.ts';
import { readZip } from './zip-reader.ts';
import type { ZipEntry } from './zip-writer.ts';

export interface ReadOptions {
  /** Without it seals are not checked against a course. */
  course?: CoursePublic | undefined;
  /** Milliseconds since 1970; a hand-in from after it has a wrong clock. */
  now: number;
}

export interface ReadHandIn {
  handIn: HandIn;
  records: JournalRecord[];
  /** Digest → text, of the objects and files whose bytes are what their name says. */
  texts: ReadonlyMap<string, string>;
  seal: 'alumno' | 'clase' | 'ninguno' | 'no vale' | 'sin comprobar';
  problems: Problem[];
}

export function readHandIn(bytes: Buffer, options: ReadOptions): ReadHandIn {
  if (bytes.length > limits.file)
    throw refuse('MALLA-ENT-02', `Ocupa ${megabytes(bytes.length)}; se admiten ${megabytes(limits.file)}.`);
  const { entries, problems } = readZip(bytes);
  const contents = new Map(entries.map(({ name, content }) => [name, content]));
  const said = contents.get(entryNames.handIn);
  if (!said) throw refuse('MALLA-ENT-12', `No tiene ${entryNames.handIn}.`);
  const handIn = readSaid(said);
  problems.push(...checkEntries(handIn, entries));
  const records = readRecords(contents.get(entryNames.journal), problems);
  problems.push(...checkJournal(handIn, records), ...checkTimes(handIn, records, options.now));
  const texts = readTexts(entries, handIn, problems);
  problems.push(...checkNamed(handIn, records, texts), ...oddTexts(handIn, records, texts));
  const seal = sealOf(contents.get(entryNames.seal), said, handIn, options.course, problems);
  return { handIn, records, texts, seal, problems };
}

function readSaid(bytes: Uint8Array): HandIn {
  const value = readJson(textOf(bytes, entryNames.handIn), entryNames.handIn);
  const { format } = (value ?? {}) as { format?: unknown };
  if (typeof format === 'string' && /^malla-entrega\/\d+$/.test(format) && format !== handInFormat)
    throw refuse('MALLA-ENT-13', `Su formato es ${quoted(format)} y aquí se lee ${handInFormat}.`);
  return shaped(handInSchema, value, entryNames.handIn);
}

/** Every entry but entrega.json and the seal is named there with its digest. */
function checkEntries(handIn: HandIn, entries: readonly ZipEntry[]): Problem[] {
  const named = new Map(handIn.entries.map((e) => [e.name, e]));
  const own = new Set<string>([entryNames.handIn, entryNames.seal]);
  const extra = entries.filter(({ name }) => !named.has(name) && !own.has(name));
  const found = new Map(entries.map(({ name, content }) => [name, content]));
  return [
    ...extra
      .slice(0, 20)
      .map(({ name }) => problem('MALLA-ENT-16', 'aviso', `Trae ${quoted(name)}, que no nombra.`, { entry: name })),
    ...handIn.entries.flatMap(({ name, sha256: digest, bytes }) => {
      const content = found.get(name);
      if (!content) return [problem('MALLA-ENT-15', 'aviso', `Falta ${quoted(name)}.`, { entry: name })];
      if (content.length === bytes && sha256(content) === digest) return [];
      return [problem('MALLA-ENT-15', 'aviso', `${quoted(name)} no es el que se entregó.`, { entry: name })];
    }),
  ];
}

/** Those that can be read; what cannot is told. */
function readRecords(bytes: Uint8Array | undefined, problems: Problem[]): JournalRecord[] {
  const entry = entryNames.journal;
  if (!bytes) {
    problems.push(problem('MALLA-ENT-17', 'aviso', `No tiene ${entry}.`, { entry }));
    return [];
  }
  const lines = textOf(bytes, entry).split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > limits.records)
    throw refuse('MALLA-ENT-30', `Tiene ${lines.length} registros; se admiten ${limits.records}.`, { entry });
  const records: JournalRecord[] = [];
  for (const [i, line] of lines.entries()) {
    try {
      records.push(shaped(journalRecordSchema, readJson(line, entry), entry));
    } catch (error) {
      const { problem: found } = error as Refused;
      // A forbidden key is no accident: nothing of such a journal is used.
      if (found.code === 'MALLA-ENT-14') throw error;
      problems.push({ ...found, severity: 'aviso', line: i + 1 });
    }
  }
  return records;
}

function checkJournal({ journal }: HandIn, records: readonly JournalRecord[]): Problem[] {
  const entry = entryNames.journal;
  const broken = firstBroken(journal.id, records);
  const head = records.at(-1)?.digest ?? beginningOf(journal.id);
  if (broken !== undefined)
    return [
      problem('MALLA-ENT-17', 'aviso', `El registro ${broken + 1} no cuadra con el anterior.`, {
        entry,
        line: broken + 1,
      }),
    ];
  if (journal.records !== records.length || journal.head !== head)
    return [problem('MALLA-ENT-17', 'aviso', 'El registro no acaba donde dice entrega.json.', { entry })];
  return [];
}

/** A clock may be a little off, and never runs back. */
const tolerance = 5 * 60_000;

function checkTimes({ at }: HandIn, records: readonly JournalRecord[], now: number): Problem[] {
  const entry = entryNames.journal;
  const times = [...records.map((r) => Date.parse(r.at)), Date.parse(at)];
  const back = times.findIndex((time, i) => i > 0 && time < (times[i - 1] ?? 0) - tolerance);
  const problems: Problem[] = [];
  if (back >= 0) {
    const where = back < records.length ? { entry, line: back + 1 } : { entry: entryNames.handIn };
    problems.push(
      problem(
        'MALLA-ENT-22',
        'aviso',
        `La hora va hacia atrás: ${quoted(new Date(times[back] ?? 0).toISOString())}.`,
        where,
      ),
    );
  }
  if (times.some((time) => time > now + tolerance))
    problems.push(problem('MALLA-ENT-22', 'aviso', 'Tiene horas que aún no han llegado.', { entry }));
  return problems;
}

function readTexts(entries: readonly ZipEntry[], handIn: HandIn, problems: Problem[]): Map<string, string> {
  const named = new Set(handIn.entries.map((e) => e.name));
  const texts = new Map<string, string>();
  for (const { name, content } of entries) {
    const digest = /^(?:objetos|ficheros)\/([0-9a-f]{64})\.(?:yaml|txt)$/.exec(name)?.[1];
    if (digest === undefined || !named.has(name) || sha256(content) !== digest) continue;
    if (content.length > limits.text) {
      problems.push(
        problem('MALLA-ENT-30', 'aviso', `${quoted(name)} ocupa ${megabytes(content.length)}.`, { entry: name }),
      );
      continue;
    }
    try {
      texts.set(digest, textOf(content, name));
    } catch (error) {
      problems.push({ ...(error as Refused).problem, severity: 'aviso' });
    }
  }
  return texts;
}

/** Texts that the records name and are not there, whole. */
function checkNamed(handIn: HandIn, records: readonly JournalRecord[], texts: ReadonlyMap<string, string>): Problem[] {
  const chosen = new Set(handIn.labs.map((l) => l.lab));
  const problems = new Map<string, Problem>();
  for (const record of records.filter((r) => chosen.has(r.lab))) {
    if ((record.objects?.length ?? 0) > limits.objects)
      problems.set(
        `${record.lab} objects`,
        problem(
          'MALLA-ENT-30',
          'aviso',
          `Un registro nombra ${record.objects?.length} objetos; se admiten ${limits.objects}.`,
          { lab: record.lab, step: record.step },
        ),
      );
    for (const [name, digest] of namedBy(record))
      if (!texts.has(digest) && !problems.has(name))
        problems.set(
          name,
          problem('MALLA-ENT-15', 'aviso', `No se tiene lo que debía haber en ${quoted(name)}.`, {
            entry: name,
            lab: record.lab,
            step: record.step,
          }),
        );
  }
  return [...problems.values()].slice(0, 50);
}

/** What could be taken for orders to a terminal, markup or a formula by who shows it. It is always shown as text. */
function oddTexts(handIn: HandIn, records: readonly JournalRecord[], texts: ReadonlyMap<string, string>): Problem[] {
  const problems: Problem[] = [];
  const look = (text: string, where: { entry?: string; lab?: string; step?: string }, words: boolean): void => {
    const hidden = hiddenIn(text);
    if (hidden.length > 0)
      problems.push(problem('MALLA-ENT-38', 'aviso', `Tiene caracteres que no se ven: ${hidden.join(' ')}.`, where));
    if (
      /<\/?(?:script|iframe|img|svg|style|object|embed|form|a)\b|javascript:/i.test(text) ||
      (words && /^[=+@-]/.test(text))
    )
      problems.push(
        problem('MALLA-ENT-39', 'aviso', `Trae ${quoted(text.trim(), 40)}, que quiere ser HTML o una fórmula.`, where),
      );
  };
  look(handIn.seed, { entry: entryNames.handIn }, true);
  for (const { lab, step, answers, files } of records) {
    for (const answer of Object.values(answers)) look(answer, { lab, step }, true);
    for (const { path } of files) look(path, { lab, step }, true);
  }
  for (const [digest, text] of texts) look(text, { entry: digest }, false);
  const seen = new Set<string>();
  return problems
    .filter(({ code, message, lab, entry }) => {
      const key = `${code} ${lab ?? entry} ${message}`;
      return !seen.has(key) && Boolean(seen.add(key));
    })
    .slice(0, 20);
}

function sealOf(
  bytes: Uint8Array | undefined,
  said: Uint8Array,
  handIn: HandIn,
  course: CoursePublic | undefined,
  problems: Problem[],
): ReadHandIn['seal'] {
  const entry = entryNames.seal;
  if (!bytes) {
    if (course) problems.push(problem('MALLA-ENT-21', 'aviso', 'No está firmada.'));
    return 'ninguno';
  }
  let state: ReturnType<typeof checkSeal>;
  try {
    const text = textOf(bytes, entry);
    const given = shaped(sealSchema, readJson(text, entry), entry);
    state =
      `${JSON.stringify(given, undefined, 2)}\n` === text ? checkSeal(said, handIn.student, given, course) : 'cambiada';
  } catch (error) {
    problems.push({ ...(error as Refused).problem, severity: 'aviso' });
    return 'no vale';
  }
  const told = {
    cambiada: problem('MALLA-ENT-18', 'aviso', 'La firma no es de esta entrega: ha cambiado después de firmarla.', {
      entry,
    }),
    'otra clave': problem('MALLA-ENT-19', 'aviso', 'El sello es de otro curso.', { entry }),
    'otro alumno': problem('MALLA-ENT-20', 'aviso', 'El sello es de otro alumno.', { entry }),
  };
  if (state === 'alumno' || state === 'clase' || state === 'sin comprobar') return state;
  problems.push(told[state]);
  return 'no vale';
}

function textOf(bytes: Uint8Array, entry: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse('MALLA-ENT-11', `${quoted(entry)} no está en UTF-8.`, { entry });
  }
}

function readJson(text: string, entry: string): unknown {
  try {
    return parseStrictly(text);
  } catch (error) {
    if (error instanceof ForbiddenKeyError)
      throw refuse('MALLA-ENT-14', `Trae un campo que se llama ${quoted(error.key)}.`, { entry });
    throw refuse('MALLA-ENT-12', `${quoted(entry)} no es JSON.`, { entry });
  }
}

function shaped<T>(schema: ZodType<T>, value: unknown, entry: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = safeText((issue?.path ?? []).join('.'), 80);
  throw refuse('MALLA-ENT-12', `${quoted(entry)} no sigue su formato${path === '' ? '' : ` en «${path}»`}.`, { entry });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toLocaleString('es-ES', { maximumFractionDigits: 1 })} MB`;
}
