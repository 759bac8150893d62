// Containers of a pod or of a pod template.
import { longTime, type Page, sortedEntries } from './page.ts';

export interface ContainerSpec {
  name: string;
  image?: string;
  ports?: { containerPort: number; protocol?: string; name?: string; hostPort?: number }[];
  command?: string[];
  args?: string[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  env?: { name: string; value?: string; valueFrom?: ValueSource }[];
  envFrom?: { configMapRef?: { name: string; optional?: boolean }; secretRef?: { name: string; optional?: boolean } }[];
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean; subPath?: string }[];
  livenessProbe?: ProbeSpec;
  readinessProbe?: ProbeSpec;
  startupProbe?: ProbeSpec;
}

interface ValueSource {
  fieldRef?: { apiVersion?: string; fieldPath: string };
  resourceFieldRef?: { resource: string };
  configMapKeyRef?: { name: string; key: string; optional?: boolean };
  secretKeyRef?: { name: string; key: string; optional?: boolean };
}

interface ProbeSpec {
  httpGet?: { path?: string; port: number | string; scheme?: string; host?: string };
  tcpSocket?: { port: number | string; host?: string };
  exec?: { command?: string[] };
  initialDelaySeconds?: number;
  timeoutSeconds?: number;
  periodSeconds?: number;
  successThreshold?: number;
  failureThreshold?: number;
}

export interface StateFields {
  running?: { startedAt?: string };
  waiting?: { reason?: string; message?: string };
  terminated?: { reason?: string; message?: string; exitCode: number; startedAt?: string; finishedAt?: string };
}

export interface StatusOfContainer {
  name: string;
  containerID?: string;
  imageID?: string;
  state?: StateFields;
  lastState?: StateFields;
  ready: boolean;
  restartCount: number;
}

export interface PodFacts {
  name: string;
  namespace: string;
}

/** Without statuses: a template. */
export function addContainers(
  page: Page,
  level: number,
  title: string,
  containers: ContainerSpec[],
  statuses: StatusOfContainer[] | undefined,
  pod?: PodFacts,
): void {
  page.line(level, `${title}:`);
  for (const container of containers) {
    // A template has its names one space in, a pod two.
    page.line(level, `${statuses ? '  ' : ' '}${container.name}:`);
    const status = statuses?.find((s) => s.name === container.name);
    addContainer(page, 2, container, statuses ? (status ?? null) : undefined, pod);
  }
}

function addContainer(
  page: Page,
  level: number,
  container: ContainerSpec,
  status: StatusOfContainer | null | undefined,
  pod: PodFacts | undefined,
): void {
  if (status !== undefined) page.field(level, 'Container ID', status?.containerID ?? '');
  page.field(level, 'Image', container.image ?? '');
  if (status !== undefined) page.field(level, 'Image ID', status?.imageID ?? '');
  addPorts(page, level, container);
  for (const [title, words] of [
    ['Command', container.command],
    ['Args', container.args],
  ] as const) {
    if (!words?.length) continue;
    page.line(level, `${title}:`);
    for (const word of words) for (const line of word.split('\n')) page.line(level + 1, line);
  }
  if (status) {
    addState(page, level, 'State', status.state ?? {});
    if (status.lastState?.terminated) addState(page, level, 'Last State', status.lastState);
    page.field(level, 'Ready', status.ready ? 'True' : 'False');
    page.field(level, 'Restart Count', status.restartCount);
  }
  for (const [title, group] of [
    ['Limits', container.resources?.limits],
    ['Requests', container.resources?.requests],
  ] as const) {
    if (!group || Object.keys(group).length === 0) continue;
    page.line(level, `${title}:`);
    for (const [name, quantity] of sortedEntries(group)) page.field(level + 1, name, quantity);
  }
  for (const [title, probe] of [
    ['Liveness', container.livenessProbe],
    ['Readiness', container.readinessProbe],
    ['Startup', container.startupProbe],
  ] as const)
    if (probe) page.field(level, title, probeText(probe));
  addEnvironment(page, level, container, pod);
  addMounts(page, level, container);
}

function addPorts(page: Page, level: number, { ports = [] }: ContainerSpec): void {
  const inner = ports.map((p) => `${p.containerPort}/${p.protocol ?? 'TCP'}`);
  const outer = ports.map((p) => `${p.hostPort ?? 0}/${p.protocol ?? 'TCP'}`);
  const plural = ports.length > 1 ? 's' : '';
  page.field(level, `Port${plural}`, inner.join(', ') || '<none>');
  page.field(level, `Host Port${plural}`, outer.join(', ') || '<none>');
}

function addState(page: Page, level: number, title: string, { running, waiting, terminated }: StateFields): void {
  if (running) {
    page.field(level, title, 'Running');
    page.field(level + 1, 'Started', longTime(running.startedAt ?? ''));
  } else if (terminated) {
    page.field(level, title, 'Terminated');
    if (terminated.reason) page.field(level + 1, 'Reason', terminated.reason);
    if (terminated.message) page.field(level + 1, 'Message', terminated.message);
    page.field(level + 1, 'Exit Code', terminated.exitCode);
    page.field(level + 1, 'Started', longTime(terminated.startedAt ?? ''));
    page.field(level + 1, 'Finished', longTime(terminated.finishedAt ?? ''));
  } else {
    page.field(level, title, 'Waiting');
    if (waiting?.reason) page.field(level + 1, 'Reason', waiting.reason);
  }
}

function probeText(probe: ProbeSpec): string {
  const {
    initialDelaySeconds = 0,
    timeoutSeconds = 1,
    periodSeconds = 10,
    successThreshold = 1,
    failureThreshold = 3,
  } = probe;
  const timing = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`;
  const { httpGet, tcpSocket, exec } = probe;
  if (httpGet)
    return `http-get ${(httpGet.scheme ?? 'HTTP').toLowerCase()}://${httpGet.host ?? ''}:${httpGet.port}${httpGet.path ?? '/'} ${timing}`;
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port} ${timing}`;
  if (exec) return `exec [${(exec.command ?? []).join(' ')}] ${timing}`;
  return `unknown ${timing}`;
}

function addEnvironment(page: Page, level: number, container: ContainerSpec, pod: PodFacts | undefined): void {
  const { env = [], envFrom = [] } = container;
  if (envFrom.length > 0) {
    page.line(level, 'Environment Variables from:');
    for (const { configMapRef, secretRef } of envFrom) {
      const ref = configMapRef ?? secretRef;
      page.line(
        level + 1,
        `${ref?.name}\t${configMapRef ? 'ConfigMap' : 'Secret'}\tOptional: ${ref?.optional ?? false}`,
      );
    }
  }
  if (env.length === 0) {
    page.field(level, 'Environment', '<none>');
    return;
  }
  page.line(level, 'Environment:');
  for (const { name, value = '', valueFrom } of env) {
    if (!valueFrom) {
      const [first = '', ...rest] = value.split('\n');
      page.field(level + 1, name, first);
      for (const line of rest) page.line(level + 1, `\t${line}`);
    } else page.field(level + 1, name, sourceText(valueFrom, container, pod));
  }
}

function sourceText(source: ValueSource, { resources }: ContainerSpec, pod: PodFacts | undefined): string {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  if (fieldRef) {
    const known: Record<string, string | undefined> = {
      'metadata.name': pod?.name,
      'metadata.namespace': pod?.namespace,
    };
    return `${known[fieldRef.fieldPath] ?? ''} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`;
  }
  if (resourceFieldRef) return `${resourceText(resourceFieldRef.resource, resources)} (${resourceFieldRef.resource})`;
  const ref = configMapKeyRef ?? secretKeyRef;
  const kind = configMapKeyRef ? 'config map' : 'secret';
  return `<set to the key '${ref?.key}' of ${kind} '${ref?.name}'>${configMapKeyRef || secretKeyRef ? `  Optional: ${ref?.optional ?? false}` : ''}`;
}

function resourceText(path: string, resources: ContainerSpec['resources']): string {
  const [group, name = ''] = path.split('.');
  const quantity = (group === 'limits' ? resources?.limits : resources?.requests)?.[name];
  if (quantity === undefined) return 'node allocatable';
  const [, digits = '0', unit = ''] = /^([\d.]+)(m|Ki|Mi|Gi)?$/.exec(quantity) ?? [];
  const scale: Record<string, number> = { '': 1, m: 1 / 1000, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };
  return String(Math.ceil(Number(digits) * (scale[unit] ?? 1)));
}

function addMounts(page: Page, level: number, { volumeMounts = [] }: ContainerSpec): void {
  if (volumeMounts.length === 0) {
    page.field(level, 'Mounts', '<none>');
    return;
  }
  page.line(level, 'Mounts:');
  for (const mount of volumeMounts.toSorted((a, b) => (a.mountPath < b.mountPath ? -1 : 1))) {
    const flags = [mount.readOnly ? 'ro' : 'rw', ...(mount.subPath ? [`path="${mount.subPath}"`] : [])];
    page.line(level + 1, `${mount.mountPath} from ${mount.name} (${flags.join(',')})`);
  }
}
