// Makes a class, or completes it: what is there already stays as it is.
import { join } from 'node:path';
import type { KubeObject } from '../../mesh/objects.ts';
import type { KubeClient } from '../contract.ts';
import { placeAnnotations, placeLabel } from '../kubeadm/place.ts';
import type { WayIn } from '../kubeconfig.ts';
import { writePrivateFile } from '../private-file.ts';
import { account, type ClassSettings, namespaceOf, tokenSecret } from './class.ts';
import { classroomError } from './classroom-error.ts';
import { gatewayName, gatewayObjects } from './objects/gateway.ts';
import { guardObjects } from './objects/guards.ts';
import { isolationObjects } from './objects/isolation.ts';
import { namespaceObject, placeObjects } from './objects/place.ts';
import { sharedObjects } from './objects/shared.ts';
import type { Student } from './roster.ts';

export const fieldManager = 'malla-aula';

/** Everything of a class, in the order that it is made. `others` are the namespaces of other classes. */
export function classObjects(
  settings: ClassSettings,
  students: readonly Student[],
  others: readonly string[],
): KubeObject[] {
  const own = students.map((s) => namespaceOf(settings, s));
  return [
    // Guards first: nobody is ever in without them.
    ...guardObjects(),
    ...students.map((s) => namespaceObject(settings, s)),
    ...students.flatMap((s) => studentObjects(settings, s)),
    ...sharedObjects(settings.istio, [...new Set([...own, ...others])]),
  ];
}

function studentObjects(settings: ClassSettings, student: Student): KubeObject[] {
  return [
    ...placeObjects(settings, student),
    ...isolationObjects(settings, student),
    ...gatewayObjects(settings, student),
  ];
}

export interface Handout {
  student: Student;
  namespace: string;
  /** Written with mode 0600. */
  kubeconfig: string;
  entry?: string;
}

export interface CreateOptions {
  client: KubeClient;
  settings: ClassSettings;
  students: readonly Student[];
  /** Where the API is for the students. */
  server: string;
  /** The students sit at this machine. */
  allowLoopback: boolean;
  way: WayIn;
  /** Host at which NodePorts answer; undefined when none was found. */
  nodeHost?: string | undefined;
  /** Students enter by `<id>.<domain>` instead of the node's address. */
  domain?: string | undefined;
  folder: string;
  signal: AbortSignal;
  onProgress(text: string): void;
}

/** Rejects with CodedError MALLA-AUL-05 (a namespace is somebody else's), 06, 07, and ClusterError. */
export async function createClass(options: CreateOptions): Promise<Handout[]> {
  const { client, settings, students, onProgress, signal } = options;
  mustServeOthers(options);
  const before = await client.list({ apiVersion: 'v1', kind: 'Namespace', labelSelector: placeLabel });
  await mustBeFree(client, settings, students);
  const own = new Set(students.map((s) => namespaceOf(settings, s)));
  const others = before.map((n) => n.metadata.name).filter((name) => !own.has(name));

  onProgress('Políticas de admisión y permisos comunes…');
  for (const object of guardObjects()) await client.apply(object, fieldManager);
  await inTurns(students, async (student) => {
    signal.throwIfAborted();
    await client.apply(namespaceObject(settings, student), fieldManager);
    for (const object of studentObjects(settings, student)) await applyPatiently(client, object, signal);
    onProgress(`${namespaceOf(settings, student)}  (${student.name})`);
  });
  for (const object of sharedObjects(settings.istio, [...own, ...others])) await client.apply(object, fieldManager);
  return inTurns(students, (student) => handOut(options, student));
}

/** What a student's machine and Malla need to come in. */
async function handOut(options: CreateOptions, student: Student): Promise<Handout> {
  const { client, settings, way, server, nodeHost, domain, folder, signal } = options;
  const namespace = namespaceOf(settings, student);
  const token = await tokenOf(client, namespace, signal);
  const service = await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name: gatewayName });
  const { ports = [] } = (service?.spec ?? {}) as { ports?: { name?: string; nodePort?: number }[] };
  const nodePort = (name: string) => ports.find((p) => p.name === name)?.nodePort;
  const host = domain === undefined ? nodeHost : `${student.id}.${domain}`;
  const [plain, secure] = [nodePort('http2'), nodePort('https')];
  const entry = host === undefined || plain === undefined ? undefined : `http://${host}:${plain}`;
  if (entry !== undefined && host !== undefined) {
    const annotations = {
      [placeAnnotations.entry]: entry,
      ...(secure === undefined ? {} : { [placeAnnotations.secureEntry]: `https://${host}:${secure}` }),
      [placeAnnotations.nodeHost]: nodeHost ?? host,
    };
    await client.patch({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, 'merge', {
      metadata: { annotations },
    });
  }
  const kubeconfig = join(folder, `${student.id}.yaml`);
  await writePrivateFile(kubeconfig, kubeconfigOf({ namespace, token, server, way }));
  return { student, namespace, kubeconfig, ...(entry === undefined ? {} : { entry }) };
}

function kubeconfigOf({
  namespace,
  token,
  server,
  way,
}: {
  namespace: string;
  token: string;
  server: string;
  way: WayIn;
}): string {
  const { ca, servername, rejectUnauthorized } = way.tls;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': namespace,
    contexts: [{ name: namespace, context: { cluster: 'aula', user: account, namespace } }],
    clusters: [
      {
        name: 'aula',
        cluster: {
          server,
          ...(ca ? { 'certificate-authority-data': Buffer.from(String(ca)).toString('base64') } : {}),
          ...(servername ? { 'tls-server-name': servername } : {}),
          ...(rejectUnauthorized === false ? { 'insecure-skip-tls-verify': true } : {}),
        },
      },
    ],
    users: [{ name: account, user: { token } }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

/** The controller manager fills the Secret a moment after it is made. */
async function tokenOf(client: KubeClient, namespace: string, signal: AbortSignal): Promise<string> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    signal.throwIfAborted();
    const secret = await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: tokenSecret });
    const { token } = (secret?.data ?? {}) as { token?: string };
    if (token) return Buffer.from(token, 'base64').toString('utf8');
    if (Date.now() > deadline) throw classroomError('MALLA-AUL-06', `El token de ${namespace} no llega.`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** A namespace of that name which is not this class's is not touched. */
async function mustBeFree(client: KubeClient, settings: ClassSettings, students: readonly Student[]): Promise<void> {
  await inTurns(students, async (student) => {
    const name = namespaceOf(settings, student);
    const found = await client.get({ apiVersion: 'v1', kind: 'Namespace', name });
    if (found && found.metadata.labels?.[placeLabel] !== settings.name)
      throw classroomError('MALLA-AUL-05', `El espacio ${name} ya existe y no es de esta clase.`);
    if (found?.metadata.deletionTimestamp !== undefined)
      throw classroomError('MALLA-AUL-05', `El espacio ${name} todavía se está borrando.`);
  });
}

/** An address of this machine alone is no use to others. */
function mustServeOthers({ server, allowLoopback }: CreateOptions): void {
  if (!URL.canParse(server)) throw classroomError('MALLA-AUL-07', `«${server}» no es una dirección.`);
  const { hostname } = new URL(server);
  if (!allowLoopback && /^(localhost|127\.|\[?::1\]?$|0\.0\.0\.0)/.test(hostname))
    throw classroomError('MALLA-AUL-07', `El API del clúster está en ${server}, que solo existe en esta máquina.`);
}

/** A webhook or an account may not be there yet when its namespace has just been made. */
async function applyPatiently(client: KubeClient, object: KubeObject, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.apply(object, fieldManager);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === 5) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    }
  }
}

const atOnce = 4;

/** Some at the same time, in order: the results are those of the items. */
export async function inTurns<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += atOnce)
    results.push(...(await Promise.all(items.slice(i, i + atOnce).map(act))));
  return results;
}
