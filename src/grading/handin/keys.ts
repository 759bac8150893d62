// The keys of a course. The teacher keeps the course's private key; a student gets a seal: a key pair of their own that the
// course's key has signed with their code. What a seal proves and does not is in docs/entregas.md.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson, sha256 } from './canonical-json.ts';
import { type Seal, studentCodeSchema } from './hand-in.ts';

/** What a teacher keeps. Whoever has it can make seals. */
export const courseKeySchema = z.strictObject({
  format: z.literal('malla-clave-de-curso/1'),
  /** As in Seal. */
  course: z.string().max(100),
  title: z.string().max(200),
  publicKey: z.base64().max(100),
  /** PKCS#8, base64. */
  privateKey: z.base64().max(400),
});
/** What a student keeps: enough to seal their own hand-ins, and nobody else's. */
export const studentKeySchema = z.strictObject({
  format: z.literal('malla-sello-de-alumno/1'),
  course: z.string().max(100),
  title: z.string().max(200),
  student: z.union([studentCodeSchema, z.literal('*')]),
  publicKey: z.base64().max(100),
  privateKey: z.base64().max(400),
  endorsement: z.base64().max(200),
});
export type CourseKey = z.output<typeof courseKeySchema>;
export type StudentKey = z.output<typeof studentKeySchema>;

/** What is needed to check seals; it is no secret. */
export type CoursePublic = Pick<CourseKey, 'course' | 'publicKey'>;
export const coursePublicSchema = courseKeySchema.pick({ course: true, publicKey: true });

export function createCourseKey(title: string): CourseKey {
  const { publicKey, privateKey } = newPair();
  return { format: 'malla-clave-de-curso/1', course: courseOf(publicKey), title, publicKey, privateKey };
}

/** `*` for one that the whole class shares. */
export function createStudentKey(course: CourseKey, student: string): StudentKey {
  const { publicKey, privateKey } = newPair();
  const endorsed = endorsedText(course.course, student, publicKey);
  const endorsement = sign(undefined, Buffer.from(endorsed), privateOf(course.privateKey)).toString('base64');
  const { title } = course;
  return {
    format: 'malla-sello-de-alumno/1',
    course: course.course,
    title,
    student,
    publicKey,
    privateKey,
    endorsement,
  };
}

/** Over the bytes of entrega.json. */
export function seal(handIn: Uint8Array, key: StudentKey): Seal {
  const { course, student, publicKey, endorsement } = key;
  const signature = sign(undefined, handIn, privateOf(key.privateKey)).toString('base64');
  return { format: 'malla-sello/1', algorithm: 'Ed25519', course, student, publicKey, endorsement, signature };
}

export type SealState = 'alumno' | 'clase' | 'otra clave' | 'otro alumno' | 'cambiada' | 'sin comprobar';

/** Without the course's key, only that the bytes are those which somebody sealed can be told: `sin comprobar`. */
export function checkSeal(
  handIn: Uint8Array,
  student: string,
  given: Seal,
  course: CoursePublic | undefined,
): SealState {
  if (!isSigned(handIn, given.signature, given.publicKey)) return 'cambiada';
  if (given.student !== '*' && given.student !== student) return 'otro alumno';
  if (!course) return 'sin comprobar';
  const endorsed = Buffer.from(endorsedText(given.course, given.student, given.publicKey));
  if (given.course !== course.course || !isSigned(endorsed, given.endorsement, course.publicKey)) return 'otra clave';
  return given.student === '*' ? 'clase' : 'alumno';
}

function endorsedText(course: string, student: string, publicKey: string): string {
  return canonicalJson({ course, student, publicKey, use: 'malla-sello' });
}

function courseOf(publicKey: string): string {
  return sha256(Buffer.from(publicKey, 'base64')).slice(0, 16);
}

function newPair(): { publicKey: string; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: Buffer.from(publicKey.export({ type: 'spki', format: 'der' })).toString('base64'),
    privateKey: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'der' })).toString('base64'),
  };
}

function privateOf(text: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(text, 'base64'), type: 'pkcs8', format: 'der' });
}

/** Also false for what is no key or no signature at all. */
function isSigned(content: Uint8Array, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), type: 'spki', format: 'der' });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return (
      isPlain(signature) && isPlain(publicKey) && verify(undefined, content, key, Buffer.from(signature, 'base64'))
    );
  } catch {
    return false;
  }
}

/** Base64 has bits that say nothing: only the form that an encoder writes is taken. */
function isPlain(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}
