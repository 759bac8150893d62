// Applies a file of many objects in an order that works: kinds first, what runs last, and waits for both.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../mesh/objects.ts';
import { CodedError } from '../coded-error.ts';
import type { KubeClient } from '../contract.ts';
import { untilReady } from './readiness.ts';

export interface ApplyOptions {
  client: KubeClient;
  /** Milliseconds for all to be ready. */
  deadline: number;
  signal: AbortSignal;
  onProgress(line: string): void;
  /** Put on each object. */
  labels?: Readonly<Record<string, string>>;
}

const manager = 'malla';

/** Rejects with CodedError (MALLA-IST-24 for what is no manifest, MALLA-IST-22 for what does not start) or ClusterError. */
export async function applyManifests(yaml: string, options: ApplyOptions): Promise<KubeObject[]> {
  const { client, deadline, signal, onProgress, labels } = options;
  const objects = readManifests(yaml).map((object) => (labels ? labelled(object, labels) : object));
  const end = performance.now() + deadline;
  const group = (wanted: number): KubeObject[] => objects.filter((o) => turn(o) === wanted);
  for (const namespace of group(0)) await client.apply(namespace, manager);
  const kinds = group(1);
  for (const kind of kinds) await client.apply(kind, manager);
  if (kinds.length > 0) {
    await untilEstablished(client, kinds, end, signal);
    onProgress(`listo: ${kinds.length} CRD`);
  }
  for (const object of [...group(2), ...group(3)]) {
    signal.throwIfAborted();
    await client.apply(object, manager);
  }
  onProgress(`aplicados ${objects.length} objetos; espero a que arranquen`);
  const deployments = group(3).filter((o) => o.kind === 'Deployment');
  await untilReady(
    deployments.map(({ metadata: { namespace = 'default', name } }) => ({ namespace, name })),
    { client, signal, deadline: Math.max(0, end - performance.now()), onReady: (name) => onProgress(`listo: ${name}`) },
  );
  return objects;
}

/** Throws MALLA-IST-24. */
export function readManifests(yaml: string): KubeObject[] {
  const documents = parseAllDocuments(yaml);
  const problem = Array.isArray(documents) ? documents.flatMap((d) => d.errors)[0]?.message : 'está vacío';
  if (problem !== undefined) throw notManifests(problem.split('\n')[0] ?? '');
  const values: unknown[] = documents.map((d) => d.toJS()).filter((value) => value !== null);
  const objects = values.filter(isObject);
  if (objects.length === 0 || objects.length !== values.length)
    throw notManifests('hay algo que no es un objeto de Kubernetes');
  return objects;
}

function isObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind, metadata } = value as Partial<KubeObject>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string';
}

function notManifests(detail: string): CodedError {
  return new CodedError({
    code: 'MALLA-IST-24',
    happened: `El fichero de manifiestos no se puede usar: ${detail}.`,
    expected: 'Objetos de Kubernetes en YAML, como los que escribe «istioctl manifest generate».',
    todo: 'Comprueba que es ese fichero y que está entero.',
  });
}

/** Namespaces, kinds, what the rest refers to, what runs or intercepts. */
function turn({ kind }: KubeObject): 0 | 1 | 2 | 3 {
  if (kind === 'Namespace') return 0;
  if (kind === 'CustomResourceDefinition') return 1;
  return ['Deployment', 'DaemonSet', 'StatefulSet', 'Job'].includes(kind) || kind.endsWith('WebhookConfiguration')
    ? 3
    : 2;
}

async function untilEstablished(
  client: KubeClient,
  kinds: KubeObject[],
  end: number,
  signal: AbortSignal,
): Promise<void> {
  for (const { apiVersion, kind, metadata } of kinds) {
    for (;;) {
      const live = await client.get({ apiVersion, kind, name: metadata.name });
      const { conditions = [] } = (live?.status ?? {}) as { conditions?: { type: string; status: string }[] };
      if (conditions.some((c) => c.type === 'Established' && c.status === 'True')) break;
      if (performance.now() > end) {
        throw new CodedError({
          code: 'MALLA-IST-22',
          happened: `El CRD ${metadata.name} no llega a estar servido.`,
          expected: 'Que el API lo sirviera en unos segundos.',
          todo: `Mira sus condiciones con «kubectl describe crd ${metadata.name}».`,
        });
      }
      await sleep(200, undefined, { signal });
    }
  }
}

function labelled(object: KubeObject, labels: Readonly<Record<string, string>>): KubeObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, ...labels } } };
}
