// Grades a folder of hand-ins on a cluster and brings the results home, as if they had been graded here.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { CodedError } from '../../cluster/coded-error.ts';
import type { KubeClient, ObjectRef } from '../../cluster/contract.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields } from '../../mesh/read.ts';
import { type CarriedFile, type Carrier, createCarrier } from './carry.ts';
import { type JobSettings, jobObject, names, placeObjects, places, program } from './job-objects.ts';

export interface OnClusterOptions {
  client: KubeClient;
  settings: JobSettings;
  /** What the volume gets; empty when it has them already. */
  submissions: readonly CarriedFile[];
  /** Of the course's key, without what is secret. */
  key?: string;
  /** An empty folder: each part's results go into one of it. */
  folder: string;
  /** Leaves the namespace as it is. */
  keep: boolean;
  signal: AbortSignal;
  onProgress(text: string): void;
  /** Waits so many milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

const manager = 'malla-calificar';
const betweenLooks = 1_000;
/** Looks until the pod is up: the image may have to be fetched. */
const mostLooks = 600;

/** The folders of the parts. Rejects with CodedError MALLA-ENT-60 and 61, ClusterError, and the signal's reason. */
export async function gradeOnCluster(options: OnClusterOptions): Promise<string[]> {
  const { client, settings, submissions, onProgress, signal } = options;
  const { namespace, parts } = settings;
  if (settings.volume === undefined) await mustBeFree(client, namespace);
  try {
    for (const object of placeObjects(settings)) await applyPatiently(object, options);
    onProgress(`Esperando a ${namespace}/${names.carrier}…`);
    await untilUp(options);
    const target = { namespace, pod: names.carrier, container: 'malla' };
    const carrier = createCarrier(client, target, program[0]);
    if (submissions.length > 0) {
      onProgress(`Llevando ${submissions.length} entregas…`);
      await carrier.put(places.submissions, submissions);
    }
    if (options.key !== undefined)
      await carrier.put(dirname(places.key), [{ path: 'clave.json', content: Buffer.from(options.key) }]);
    signal.throwIfAborted();
    await client.apply(jobObject(settings), manager);
    await untilDone(options);
    onProgress('Trayendo los resultados…');
    const folders: string[] = [];
    for (let part = 0; part < parts; part++) folders.push(await bring(carrier, part, options.folder));
    return folders;
  } finally {
    if (!options.keep) await cleanUp(client, settings).catch(() => {});
  }
}

/** A namespace that is new has no account for its pods for a moment. */
async function applyPatiently(object: KubeObject, { client, signal, wait }: OnClusterOptions): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.apply(object, manager);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === mostAttempts) throw error;
      await wait(betweenLooks);
    }
  }
}

const mostAttempts = 10;

/** Where the volume is somebody's, so is the namespace. A Job that is deleted leaves its pods. */
async function cleanUp(client: KubeClient, { namespace, volume }: JobSettings): Promise<void> {
  if (volume === undefined) {
    await client.remove(refTo('v1', 'Namespace', namespace));
    return;
  }
  const here = (apiVersion: string, kind: string, name: string) => ({ ...refTo(apiVersion, kind, name), namespace });
  await client.remove(here('batch/v1', 'Job', names.job));
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: `app=${names.job}` });
  for (const { metadata } of pods) await client.remove(here('v1', 'Pod', metadata.name));
  await client.remove(here('v1', 'Pod', names.carrier));
  await client.remove(here('networking.k8s.io/v1', 'NetworkPolicy', names.alone));
}

/** The namespace is taken away at the end: it may not be somebody's. */
async function mustBeFree(client: KubeClient, namespace: string): Promise<void> {
  if (!(await client.get(refTo('v1', 'Namespace', namespace)))) return;
  throw new CodedError({
    code: 'MALLA-ENT-60',
    happened: `El espacio de nombres ${namespace} ya existe en ese clúster.`,
    expected: 'Uno que no exista: al acabar se borra con todo lo que tiene.',
    todo: 'Elige otro con --espacio, o borra ese si es de una corrección que se interrumpió.',
  });
}

async function untilUp({ client, settings, signal, wait }: OnClusterOptions): Promise<void> {
  const { namespace } = settings;
  let last = 'no aparece';
  for (let look = 0; look < mostLooks; look++) {
    signal.throwIfAborted();
    const pod = await client.get({ ...refTo('v1', 'Pod', names.carrier), namespace });
    if (isReady(pod)) return;
    last = whyNot(pod) ?? last;
    if (/^(?:ErrImage|ImagePull|InvalidImage|CreateContainer|CrashLoop|RunContainer)/.test(last) && look > 10) break;
    await wait(betweenLooks);
  }
  throw failed(`El pod ${namespace}/${names.carrier} no llega a estar en marcha: ${last}.`);
}

async function untilDone({ client, settings, signal, wait, onProgress }: OnClusterOptions): Promise<void> {
  const { namespace, parts } = settings;
  let told = -1;
  while (true) {
    signal.throwIfAborted();
    const job = await client.get({ ...refTo('batch/v1', 'Job', names.job), namespace });
    const { succeeded = 0, conditions = [] } = fields(job?.status) as {
      succeeded?: number;
      conditions?: { type?: string; status?: string; message?: string }[];
    };
    if (succeeded !== told) onProgress(`Partes corregidas: ${succeeded} de ${parts}`);
    told = succeeded;
    const holds = (type: string) => conditions.find((c) => c.type === type && c.status === 'True');
    if (holds('Complete')) return;
    const end = holds('Failed');
    if (end) throw failed(`El Job ${namespace}/${names.job} ha fallado: ${end.message ?? 'no dice por qué'}.`);
    await wait(betweenLooks);
  }
}

/** Of a part that had nothing to grade there is its header all the same. */
async function bring(carrier: Carrier, part: number, folder: string): Promise<string> {
  const out = join(folder, String(part));
  for (const { path, content } of await carrier.take(`${places.results}/${part}`)) {
    const to = normalize(join(out, path));
    // What comes from a cluster is a stranger's too.
    if (!to.startsWith(`${normalize(out)}/`) && !to.startsWith(`${normalize(out)}\\`)) continue;
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, content);
  }
  return out;
}

function isReady(pod: KubeObject | undefined): boolean {
  const { conditions = [] } = fields(pod?.status) as { conditions?: { type?: string; status?: string }[] };
  return conditions.some((c) => c.type === 'Ready' && c.status === 'True');
}

function whyNot(pod: KubeObject | undefined): string | undefined {
  const { phase, containerStatuses = [] } = fields(pod?.status) as {
    phase?: string;
    containerStatuses?: { state?: { waiting?: { reason?: string; message?: string } } }[];
  };
  const { reason, message } = containerStatuses[0]?.state?.waiting ?? {};
  return reason === undefined ? phase : `${reason}${message ? ` (${message.slice(0, 200)})` : ''}`;
}

function refTo(apiVersion: string, kind: string, name: string): ObjectRef {
  return { apiVersion, kind, name };
}

function failed(happened: string): CodedError {
  return new CodedError({
    code: 'MALLA-ENT-61',
    happened,
    expected: 'Un clúster con la imagen de Malla y sitio para sus pods y su volumen.',
    todo: 'Mira «kubectl describe pods» en ese espacio; con --conservar no se borra. Sin clúster, quita --en-cluster.',
  });
}
