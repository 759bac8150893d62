// What a hand-in holds. It is a zip that a person can open and read:
//
//   LEEME.txt                what this is, in Spanish
//   entrega.json             HandIn: who, when, which labs, and the digest of every other entry but the seal
//   registro.jsonl           JournalRecord, one a line, oldest first, each with the digest of the one before it
//   objetos/<sha256>.yaml    objects as they were in the student's cluster when something was verified
//   ficheros/<sha256>.txt    files of the student's work folder, each version once
//   sello.json               Seal: the signature over entrega.json
//
// Everything in it is a claim of whoever made it. What is graded is the replay; see ../replay/graded.ts.
import * as z from 'zod';
import { claimedVerdictSchema } from './claimed-verdict.ts';

export const handInFormat = 'malla-entrega/1';

/** Names of the entries with a name of their own. */
export const entryNames = {
  readme: 'LEEME.txt',
  handIn: 'entrega.json',
  journal: 'registro.jsonl',
  seal: 'sello.json',
} as const;

/** SHA-256 in lower-case hexadecimal. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);
/** ISO 8601 in UTC, with milliseconds. */
const instant = z.iso.datetime();
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);

/** The student's code: letters, figures and `._@-`; no name is needed. */
export const studentCodeSchema = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u);

export const claimedClusterSchema = z.strictObject({
  kind: z.enum(['embebido', 'kind', 'kubeadm']),
  /** UID of its namespace kube-system, which tells clusters apart; absent when it could not be read. */
  id: z.string().max(100).optional(),
  serverVersion: z.string().max(100),
  simulated: z.boolean(),
  istio: z.string().max(100).optional(),
  /** Version of the proxies → how many pods have it. */
  proxies: z.record(z.string().max(200), z.int().min(0).max(100_000)).optional(),
});

/** A file of the work folder. */
export const claimedFileSchema = z.strictObject({
  /** Relative to the lab's folder, with `/`. */
  path: z.string().min(1).max(300),
  sha256: digestSchema,
});

/** An object of the cluster. Its text is the entry objetos/<sha256>.yaml. */
export const claimedObjectSchema = z.strictObject({
  apiVersion: z.string().max(200),
  kind: z.string().max(100),
  namespace: z.string().max(253).optional(),
  name: z.string().min(1).max(253),
  sha256: digestSchema,
});

/**
 * One thing that happened while the student worked. `previous` is the digest of the record before it (of the journal's id
 * for the first), `digest` that of this record's canonical JSON without `digest`.
 */
export const journalRecordSchema = z.strictObject({
  number: z.int().min(1).max(1_000_000),
  previous: digestSchema,
  at: instant,
  /**
   * `verificacion`: a step was judged and came out otherwise than the time before. `guardado`: how a step of an exam stood,
   * judged or not. `entrega`: how all stood at the end.
   */
  event: z.enum(['verificacion', 'guardado', 'entrega']),
  lab: id,
  step: id,
  /** Version of the lab's text as the student had it: see HandIn.labs. */
  labVersion: digestSchema,
  verdicts: z.array(claimedVerdictSchema).max(200),
  /** Answers to the step's questions, as typed, by check. */
  answers: z.record(id, z.string().max(2_000)),
  /** The student's files of this lab, as they stood. */
  files: z.array(claimedFileSchema).max(500),
  /** What the student's cluster held that labs make, as it stood; absent when it could not be read. */
  objects: z.array(claimedObjectSchema).max(2_000).optional(),
  /** What the pods of each Deployment were made of: whether they carry a sidecar is decided when they are born. */
  pods: z
    .array(z.strictObject({ workload: z.string().max(600), containers: z.string().max(2_000) }))
    .max(1_000)
    .optional(),
  cluster: claimedClusterSchema.optional(),
  digest: digestSchema,
});

export const handInSchema = z.strictObject({
  format: z.literal(handInFormat),
  student: studentCodeSchema,
  /** What the parameters of the labs were drawn from; empty when none was given. */
  seed: z.string().max(200),
  malla: z.string().max(100),
  at: instant,
  /** Id of the course's key, as in the seal; absent without a seal. */
  course: z.string().max(100).optional(),
  /** Those that the hand-in speaks of, in the order of the course. */
  labs: z
    .array(
      z.strictObject({
        lab: id,
        title: z.string().max(300),
        /** SHA-256 of the lab's text with its parameters drawn; changes whenever the lab does. */
        version: digestSchema,
        /** Answers to the questions of chapters: `step/question` → chosen options, from 0. */
        questions: z.record(z.string().max(200), z.array(z.int().min(0).max(100)).max(100)),
      }),
    )
    .max(200),
  journal: z.strictObject({
    /** Drawn at random when the student's journal began; the chain starts from its digest. */
    id: z.string().min(1).max(100),
    records: z.int().min(0).max(1_000_000),
    /** Digest of the last record; of the id when there is none. */
    head: digestSchema,
  }),
  /** Every entry but entrega.json and sello.json. */
  entries: z
    .array(z.strictObject({ name: z.string().max(300), sha256: digestSchema, bytes: z.int().min(0) }))
    .max(20_000),
});

/** Signature over the bytes of entrega.json, by the student's seal, which the course's key has signed. */
export const sealSchema = z.strictObject({
  format: z.literal('malla-sello/1'),
  algorithm: z.literal('Ed25519'),
  /** First 16 hexadecimal digits of the SHA-256 of the course's public key. */
  course: z.string().max(100),
  /** Whose seal it is; `*` when the whole class has the same one. */
  student: z.union([studentCodeSchema, z.literal('*')]),
  /** Public key of the seal, SPKI in base64. */
  publicKey: z.base64().max(100),
  /** By the course's key, over course, student and public key. Base64. */
  endorsement: z.base64().max(200),
  /** By the seal's key, over entrega.json. Base64. */
  signature: z.base64().max(200),
});

export type ClaimedCluster = z.output<typeof claimedClusterSchema>;
export type ClaimedFile = z.output<typeof claimedFileSchema>;
export type ClaimedObject = z.output<typeof claimedObjectSchema>;
export type JournalRecord = z.output<typeof journalRecordSchema>;
export type HandIn = z.output<typeof handInSchema>;
export type Seal = z.output<typeof sealSchema>;

export function objectEntry(sha256: string): string {
  return `objetos/${sha256}.yaml`;
}

export function fileEntry(sha256: string): string {
  return `ficheros/${sha256}.txt`;
}
