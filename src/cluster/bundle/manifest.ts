// paquete.json: what a class bundle holds, and the digest of each file. It comes from outside and is not believed.
import * as z from 'zod';
import { bundleError } from './errors.ts';

export const manifestName = 'paquete.json';
/** Bytes: thousands of files would fit. */
export const largestManifest = 1_000_000;

const gib = 2 ** 30;
/** Names that every file system takes, without a way out of the folder: no `.`, no `..`, no root, no device of Windows. */
const segment = /^(?!\.)[A-Za-z0-9._-]{1,100}(?<!\.)$/;
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

const path = z
  .string()
  .max(300)
  .refine(
    (text) => text.split('/').every((part) => segment.test(part) && !reserved.test(part)) && text !== manifestName,
    {
      error: 'un camino que sale de la carpeta o que no vale en todos los sistemas',
    },
  );

const image = z
  .string()
  .max(300)
  .regex(/^[a-z0-9][a-zA-Z0-9._/:@-]*$/);
const word = z.string().regex(/^[\w.+-]{1,60}$/);
const arch = z.enum(['amd64', 'arm64']);

const common = {
  path,
  bytes: z
    .int()
    .min(1)
    .max(30 * gib),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
};

const fileSchema = z.discriminatedUnion('role', [
  /** `docker save` of images, each with the digest of its configuration when it was saved. */
  z.object({
    ...common,
    role: z.literal('imagenes'),
    arch,
    images: z
      .array(z.object({ name: image, id: word.or(z.string().regex(/^sha256:[0-9a-f]{64}$/)) }))
      .min(1)
      .max(200),
  }),
  /** The same of the node image of kind: it goes into the container runtime, not into a cluster. */
  z.object({ ...common, role: z.literal('nodo'), arch, image, id: z.string().max(100) }),
  z.object({
    ...common,
    role: z.literal('herramienta'),
    arch,
    os: z.enum(['linux', 'darwin', 'win32']),
    name: z.enum(['kind', 'kubectl', 'istioctl']),
    version: word,
  }),
  /** What `istioctl manifest generate` wrote. */
  z.object({ ...common, role: z.literal('istio') }),
]);

const manifestSchema = z.object({
  format: z.literal('malla-paquete-1'),
  /** ISO 8601. */
  created: z.string().max(40),
  istio: word,
  labs: z.array(z.string().regex(/^[\w-]{1,60}$/)).max(200),
  files: z.array(fileSchema).min(1).max(1000),
});

export type BundleFile = z.infer<typeof fileSchema>;
export type BundleManifest = z.infer<typeof manifestSchema>;
export type Architecture = z.infer<typeof arch>;

/** Throws MALLA-PAQ-01. */
export function parseManifest(text: string): BundleManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw bundleError('MALLA-PAQ-01', 'paquete.json no es JSON.', cause);
  }
  const result = manifestSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue?.path.join('.') || 'el fichero';
    throw bundleError(
      'MALLA-PAQ-01',
      `paquete.json no es de un paquete de clase: ${where}: ${issue?.message}.`,
      result.error,
    );
  }
  const names = result.data.files.map((f) => f.path.toLowerCase());
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw bundleError('MALLA-PAQ-01', `paquete.json nombra dos veces ${repeated}.`);
  return result.data;
}

/** Always the same text for the same content, so that its own digest is too. */
export function writeManifest(manifest: BundleManifest): string {
  const files = manifest.files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return `${JSON.stringify({ ...manifest, files }, null, 1)}\n`;
}

export function archOf(machine: string): Architecture | undefined {
  if (machine === 'x64' || machine === 'amd64') return 'amd64';
  return machine === 'arm64' ? 'arm64' : undefined;
}
