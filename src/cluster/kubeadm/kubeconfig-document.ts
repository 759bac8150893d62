// The text of a kubeconfig → its named parts. Nothing that it refers to is touched here.
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import * as z from 'zod';
import { kubeconfigFault, printable } from './kubeconfig-error.ts';
import { readBounded } from './read-file.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A named part of a kubeconfig, and the folder that its relative paths start from. */
export interface Entry {
  name: string;
  body: Fields;
  folder: string;
  file: string;
}

export interface Kubeconfig {
  /** Absent or empty in the file: ''. */
  current: string;
  contexts: ReadonlyMap<string, Entry>;
  clusters: ReadonlyMap<string, Entry>;
  users: ReadonlyMap<string, Entry>;
}

const most = 2_000;
const list = <K extends string>(key: K) =>
  z
    .array(z.looseObject({ name: z.string().min(1).max(1_000), [key]: z.looseObject({}).nullish() }))
    .max(most)
    .nullish();
const shape = z.looseObject({
  kind: z.literal('Config').nullish(),
  'current-context': z.string().max(1_000).nullish(),
  contexts: list('context'),
  clusters: list('cluster'),
  users: list('user'),
});

/** Rejects with CodedError MALLA-KCF-01 to 06, or a danger of the file itself (28, 29). */
export async function readKubeconfigDocument(path: string, agreed: ReadonlySet<string>): Promise<Kubeconfig> {
  const file = resolve(path);
  return parseKubeconfig(await readBounded(file, agreed), file);
}

/** `file` is absolute. Throws CodedError MALLA-KCF-04 to 06. */
export function parseKubeconfig(bytes: Buffer, file: string): Kubeconfig {
  const shown = printable(file);
  const result = shape.safeParse(readYaml(textOf(bytes, shown), shown));
  if (!result.success) {
    const where = printable(result.error.issues[0]?.path.join('.') ?? '');
    throw kubeconfigFault(
      'MALLA-KCF-05',
      `${shown} no es un kubeconfig${where ? `: «${where}» no tiene la forma debida` : ''}.`,
    );
  }
  const { contexts, clusters, users } = result.data;
  const entries = (items: readonly Fields[] | null | undefined, key: string): Map<string, Entry> => {
    const found = new Map<string, Entry>();
    for (const item of items ?? []) {
      const name = String(item.name);
      const body = (item[key] ?? {}) as Fields;
      if (!found.has(name)) found.set(name, { name, body, folder: dirname(file), file });
    }
    return found;
  };
  return {
    current: result.data['current-context'] ?? '',
    contexts: entries(contexts, 'context'),
    clusters: entries(clusters, 'cluster'),
    users: entries(users, 'user'),
  };
}

/** As kubectl does with the files of KUBECONFIG: whoever names something first wins. */
export function mergeKubeconfigs(files: readonly Kubeconfig[]): Kubeconfig {
  const merged = (part: 'contexts' | 'clusters' | 'users'): Map<string, Entry> =>
    new Map(files.toReversed().flatMap((file) => [...file[part]]));
  return {
    current: files.find((f) => f.current !== '')?.current ?? '',
    contexts: merged('contexts'),
    clusters: merged('clusters'),
    users: merged('users'),
  };
}

function textOf(bytes: Buffer, shown: string): string {
  if (bytes.includes(0)) throw kubeconfigFault('MALLA-KCF-04', `${shown} es binario o está en UTF-16.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw kubeconfigFault('MALLA-KCF-04', `${shown} no está en UTF-8.`, cause);
  }
}

function readYaml(text: string, shown: string): unknown {
  // The YAML reader takes minutes with what is made for that; a kubeconfig of a hundred clusters has 5 000 such signs.
  if ((text.match(/[:,[\]{}\n&*#!|>]|[-?] /g)?.length ?? 0) > mostSigns)
    throw kubeconfigFault('MALLA-KCF-03', `${shown} tiene demasiadas partes para ser un kubeconfig.`);
  if (/(?:[[{\-?]\s*){64}/.test(text)) throw kubeconfigFault('MALLA-KCF-05', `${shown} anida listas sin fin.`);
  const document = attempt(() => parseDocument(text, { uniqueKeys: false, logLevel: 'silent' }));
  const [error] = document?.errors ?? [];
  if (!document || error) {
    const where = error?.linePos ? `: línea ${error.linePos[0].line}` : '';
    throw kubeconfigFault('MALLA-KCF-05', `${shown} no es YAML válido${where}.`, error);
  }
  const value = attempt(() => ({ value: document.toJS({ maxAliasCount: 0 }) as unknown }));
  if (!value) throw kubeconfigFault('MALLA-KCF-06', `${shown} usa alias de YAML.`);
  return value.value;
}

const mostSigns = 40_000;

/** Text that nests without end overflows the stack of its reader. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
