// What Kubernetes says of its kinds and fields, for `kubectl explain`: read from the types of @kubernetes/client-node, which
// every program carries anyway, and put beside the programs in a file of its own.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Plugin } from 'esbuild';

/** Of a schema: of itself, and of each of its fields. */
export type Descriptions = Record<string, [own: string, fields: Record<string, string>]>;

const root = join(import.meta.dirname, '../..');
const models = join(root, 'node_modules/@kubernetes/client-node/dist/gen/models');

/** The module that names the file gets its name only here: programs that run from their source have none. */
export const kubernetesDescriptions: Plugin = {
  name: 'kubernetes-descriptions',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]http[\\/]descriptions-file\.ts$/ }, () => ({
      contents: "import path from 'kubernetes-descriptions.br'; export const descriptionsFile = path;",
      resolveDir: root,
    }));
    const namespace = 'kubernetes-descriptions';
    onResolve({ filter: /^kubernetes-descriptions\.br$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /./, namespace }, () => ({
      contents: brotliCompressSync(JSON.stringify(readDescriptions())),
      loader: 'file',
    }));
  },
};

export function readDescriptions(): Descriptions {
  const { definitions } = JSON.parse(
    readFileSync(join(root, 'src/simulator/api/generated/kubernetes.json'), 'utf8'),
  ) as { definitions: Record<string, unknown> };
  const found: Descriptions = {};
  for (const name of Object.keys(definitions)) {
    const file = classesOf(name)
      .map((each) => join(models, `${each}.d.ts`))
      .find(existsSync);
    if (file) found[name] = described(readFileSync(file, 'utf8'));
  }
  return found;
}

/** `io.k8s.api.core.v1.Event` → `CoreV1Event` where several groups have one, else `V1Event`. */
function classesOf(name: string): string[] {
  const [kind = '', version = '', group = ''] = name.split('.').reverse();
  const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  return [`${capital(group)}${capital(version)}${kind}`, `${capital(version)}${kind}`];
}

const COMMENT = String.raw`\/\*\*\s*\n((?:\s*\*(?!\/).*\n)*)\s*\*\/\s*\n\s*`;

function described(text: string): [own: string, fields: Record<string, string>] {
  const own = new RegExp(`${COMMENT}export declare class`).exec(text)?.[1] ?? '';
  const fields = [...text.matchAll(new RegExp(`${COMMENT}'([^']+)'\\??:`, 'g'))];
  const told = fields.map(([, comment = '', field = '']) => [field, plain(comment)]);
  // Of the type that the field has, in the place of what the field is.
  return [plain(own), Object.fromEntries(told.filter(([, text = '']) => !text.startsWith('IntOrString is a type')))];
}

function plain(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*\s?/, '').trimEnd())
    .join('\n')
    .trim()
    .replaceAll('\\"', '"');
}
