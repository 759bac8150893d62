// What a hand-in takes out of the machine, told before it is made.

import type { JournalRecord } from '../grading/handin/hand-in.ts';
import type { HandInPlan } from '../grading/handin/make-hand-in.ts';
import { namedBy } from '../grading/handin/make-hand-in.ts';
import type { Paint } from './style.ts';

export interface HandInTold {
  text: string;
  data: {
    student: string;
    seed: string;
    path: string;
    bytes: number;
    sealed: boolean;
    labs: { lab: string; title: string; steps: number; right: number; records: number }[];
    files: string[];
    objects: string[];
    clusters: string[];
    records: number;
  };
}

export function describeHandIn(plan: HandInPlan, file: { path: string; bytes: number }, paint: Paint): HandInTold {
  const { student, seed, labs, journal, key } = plan;
  const chosen = journal.records.filter((r) => labs.some((lab) => lab.id === r.lab));
  const data: HandInTold['data'] = {
    student,
    seed,
    ...file,
    sealed: key !== undefined,
    labs: labs.map((lab) => {
      const own = chosen.filter((r) => r.lab === lab.id);
      const steps = lab.steps.filter((s) => s.checks.length > 0);
      const right = steps.filter((s) => own.some((r) => r.step === s.id && isRight(r))).length;
      return { lab: lab.id, title: lab.title, steps: steps.length, right, records: own.length };
    }),
    files: unique(chosen.flatMap((r) => r.files.map((f) => `${r.lab}/${f.path}`))),
    objects: unique(
      chosen.flatMap((r) => (r.objects ?? []).map((o) => `${o.kind} ${o.namespace ? `${o.namespace}/` : ''}${o.name}`)),
    ),
    clusters: unique(
      chosen.flatMap(({ cluster }) =>
        cluster ? [`${cluster.kind} ${cluster.serverVersion} (${cluster.id ?? '?'})`] : [],
      ),
    ),
    records: journal.records.length,
  };
  return { data, text: `${linesOf(data, paint, versions(chosen)).join('\n')}\n` };
}

function linesOf(data: HandInTold['data'], paint: Paint, texts: number): string[] {
  const list = (title: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [`  ${title} (${items.length}):`, ...items.map((item) => `    ${item}`)];
  return [
    paint('bold', 'Esto es lo que saldría de tu máquina, y nada más:'),
    `  Código de alumno: ${data.student}${data.seed === '' ? '' : `, semilla «${data.seed}»`}`,
    '  Laboratorios:',
    ...data.labs.map(
      ({ lab, steps, right, records }) =>
        `    ${lab}: ${steps === 0 ? 'respuestas a sus preguntas' : `${right} de ${steps} pasos bien alguna vez, ${records} comprobaciones`}`,
    ),
    ...list('Tus ficheros de esas carpetas', data.files),
    ...list('Objetos de tu clúster', data.objects),
    ...list('Clústeres', data.clusters),
    `  Cómo salió cada comprobación y a qué hora: ${data.records} registros; de ficheros y objetos, ${texts} versiones.`,
    data.sealed
      ? '  Va firmada con tu sello.'
      : `  ${paint('yellow', 'Va sin firmar: si te han dado un sello, añade --sello FICHERO.')}`,
    `  Ocupa ${Math.ceil(data.bytes / 1024)} KB: ${data.path}`,
  ];
}

function versions(records: readonly JournalRecord[]): number {
  return new Set(records.flatMap(namedBy).map(([name]) => name)).size;
}

function isRight({ verdicts }: JournalRecord): boolean {
  return verdicts.length > 0 && verdicts.every((v) => v.state === 'correcto');
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)].toSorted();
}
