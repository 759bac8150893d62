// A hand-in from a student's journal: what it would hold, to be shown first, and then its bytes.
import type { LabAnswers } from '../../labs/answers.ts';
import type { Lab } from '../../labs/lab.ts';
import type { Journal } from '../journal/journal-file.ts';
import { labVersion } from '../lab-version.ts';
import { canonicalJson, sha256 } from './canonical-json.ts';
import { beginningOf } from './chain.ts';
import { entryNames, fileEntry, type HandIn, handInFormat, type JournalRecord, objectEntry } from './hand-in.ts';
import { type StudentKey, seal } from './keys.ts';
import { writeZip, type ZipEntry } from './zip-writer.ts';

export interface HandInPlan {
  student: string;
  seed: string;
  malla: string;
  /** ISO 8601. */
  at: string;
  labs: readonly Lab[];
  answersOf(lab: string): LabAnswers;
  journal: Journal;
  /** The text that a record names; undefined when it is lost: then it is not in the hand-in. */
  textOf(digest: string): Promise<string | undefined>;
  key?: StudentKey | undefined;
}

export async function makeHandIn(plan: HandInPlan): Promise<Buffer> {
  const { journal, key } = plan;
  const kept = [
    { name: entryNames.readme, content: Buffer.from(readme(plan)) },
    { name: entryNames.journal, content: Buffer.from(journal.records.map((r) => `${canonicalJson(r)}\n`).join('')) },
    ...(await textsOf(plan)),
  ];
  const handIn: HandIn = {
    format: handInFormat,
    student: plan.student,
    seed: plan.seed,
    malla: plan.malla,
    at: plan.at,
    ...(key ? { course: key.course } : {}),
    labs: plan.labs.map((lab) => ({
      lab: lab.id,
      title: lab.title,
      version: labVersion(lab),
      questions: Object.fromEntries(
        Object.entries(plan.answersOf(lab.id).questions).map(([name, chosen]) => [name, [...chosen]]),
      ),
    })),
    journal: {
      id: journal.id,
      records: journal.records.length,
      head: journal.records.at(-1)?.digest ?? beginningOf(journal.id),
    },
    entries: kept.map(({ name, content }) => ({ name, sha256: sha256(content), bytes: content.length })),
  };
  const said = Buffer.from(`${JSON.stringify(JSON.parse(canonicalJson(handIn)), undefined, 2)}\n`);
  const sealed = key
    ? [{ name: entryNames.seal, content: Buffer.from(`${JSON.stringify(seal(said, key), undefined, 2)}\n`) }]
    : [];
  return writeZip([{ name: entryNames.handIn, content: said }, ...sealed, ...kept]);
}

/** What the records of the chosen labs name, each once; records of other labs are in the journal without their texts. */
async function textsOf({ journal, labs, textOf }: HandInPlan): Promise<ZipEntry[]> {
  const chosen = new Set(labs.map((lab) => lab.id));
  const names = new Map<string, string>();
  for (const record of journal.records.filter((r) => chosen.has(r.lab)))
    for (const [name, digest] of namedBy(record)) names.set(name, digest);
  const entries: ZipEntry[] = [];
  for (const [name, digest] of [...names].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const text = await textOf(digest);
    if (text !== undefined) entries.push({ name, content: Buffer.from(text) });
  }
  return entries;
}

/** Entry → digest. */
export function namedBy({ files, objects = [] }: JournalRecord): [string, string][] {
  return [
    ...files.map((f): [string, string] => [fileEntry(f.sha256), f.sha256]),
    ...objects.map((o): [string, string] => [objectEntry(o.sha256), o.sha256]),
  ];
}

function readme({ student, at, labs, journal }: HandInPlan): string {
  return `Entrega de laboratorios de Malla

Alumno: ${student}
Hecha el ${at}
Laboratorios: ${labs.map((lab) => lab.id).join(', ')}
Registros: ${journal.records.length}

Qué hay aquí:
  entrega.json      quién, cuándo, qué laboratorios, y la huella (SHA-256) de cada fichero
  registro.jsonl    qué se comprobó y cómo salió, un registro por línea; cada uno lleva la huella del anterior
  objetos/          los objetos del clúster en esos momentos
  ficheros/         los ficheros de trabajo en esos momentos
  sello.json        la firma de entrega.json, si el curso da sellos

No hay nada más: ni claves, ni el kubeconfig, ni ficheros de fuera de las carpetas de los laboratorios.
Si cambias algo a mano, la huella o la firma dejan de cuadrar y quien corrige lo ve.
La nota sale de repetir este trabajo en un clúster limpio, no de lo que diga el registro.
`;
}
