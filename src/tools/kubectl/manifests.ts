// Objects from files: YAML or JSON, several documents, folders, standard input, Lists.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../mesh/objects.ts';
import { readAll, ToolError } from '../tool.ts';
import type { Resource } from './discovery.ts';
import type { Session } from './session.ts';

export interface Manifest {
  resource: Resource;
  /** With its namespace filled in. */
  object: KubeObject;
  /** As kubectl names it in messages: the path, or STDIN. */
  source: string;
}

export async function readManifests(session: Session): Promise<Manifest[]> {
  const { flags, discovery } = session;
  if (flags.has('kustomize')) throw new ToolError('error: kustomize (-k) no está en el kubectl de Malla');
  const sources = await Promise.all(flags.list('filename').map((path) => readSource(path, session)));
  const namespace = await session.namespace();
  const manifests: Manifest[] = [];
  for (const { path, text } of sources.flat())
    for (const object of documentsOf(text, path)) {
      const resource = await discovery.ofKind(object.apiVersion, object.kind);
      if (!resource)
        throw new ToolError(
          `error: resource mapping not found for name: "${object.metadata.name}" namespace: "${object.metadata.namespace ?? ''}" from "${path}": no matches for kind "${object.kind}" in version "${object.apiVersion}"\nensure CRDs are installed first`,
        );
      manifests.push({
        resource,
        object: withNamespace(object, resource, namespace, flags.text('namespace')),
        source: path,
      });
    }
  if (manifests.length === 0) throw new ToolError('error: no objects passed to apply');
  return manifests;
}

interface Source {
  path: string;
  text: string;
}

const extensions = /\.(json|ya?ml)$/;

async function readSource(path: string, session: Session): Promise<Source[]> {
  if (path === '-') return [{ path: 'STDIN', text: await readAll(session.streams.stdin) }];
  if (/^https?:\/\//.test(path)) return [{ path, text: await download(path, session.signal) }];
  const full = resolve(session.cwd, path);
  const found = await stat(full).catch(() => undefined);
  if (!found) throw new ToolError(`error: the path "${path}" does not exist`);
  if (!found.isDirectory()) return [{ path, text: await readFile(full, 'utf8') }];
  const entries = await readdir(full, { withFileTypes: true });
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts = await Promise.all(
    sorted.map((entry) => {
      if (entry.isDirectory())
        return session.flags.bool('recursive') ? readSource(join(path, entry.name), session) : [];
      return extensions.test(entry.name) ? readSource(join(path, entry.name), session) : [];
    }),
  );
  return parts.flat();
}

async function download(url: string, signal: AbortSignal): Promise<string> {
  const reply = await fetch(url, { signal }).catch(() => undefined);
  if (!reply?.ok)
    throw new ToolError(`error: unable to read URL "${url}", server reported ${reply?.status ?? 'no answer'}`);
  return reply.text();
}

function documentsOf(text: string, path: string): KubeObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [problem] = document.errors;
    if (problem) {
      const line = problem.linePos?.[0].line ?? 0;
      throw new ToolError(
        `error: error parsing ${path}: error converting YAML to JSON: yaml: line ${line}: ${problem.message.split('\n')[0]}`,
      );
    }
    const object = document.toJS() as unknown;
    return object === null || object === undefined ? [] : objectsOf(object, path);
  });
}

function objectsOf(value: unknown, path: string): KubeObject[] {
  const object = (typeof value === 'object' && value !== null ? value : {}) as Partial<KubeObject>;
  const missing = !object.apiVersion ? 'apiVersion' : !object.kind ? 'kind' : undefined;
  if (missing)
    throw new ToolError(
      `error: error validating "${path}": error validating data: ${missing} not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  if (object.kind === 'List' && Array.isArray(object.items))
    return object.items.flatMap((item) => objectsOf(item, path));
  return [{ ...object, metadata: object.metadata ?? { name: '' } } as KubeObject];
}

function withNamespace(
  object: KubeObject,
  resource: Resource,
  namespace: string,
  wished: string | undefined,
): KubeObject {
  if (!resource.namespaced) return object;
  const own = object.metadata.namespace;
  if (own !== undefined && wished !== undefined && own !== wished)
    throw new ToolError(
      `error: the namespace from the provided object "${own}" does not match the namespace "${wished}". You must pass '--namespace=${own}' to perform this operation.`,
    );
  return { ...object, metadata: { ...object.metadata, namespace: own ?? namespace } };
}
