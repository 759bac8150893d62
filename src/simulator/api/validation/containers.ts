// The containers of a pod: names, images, ports, environment, mounts, resources and probes.
import { parseQuantity } from '../../../mesh/quantity.ts';
import { isMap } from '../patch-merge.ts';
import { complain } from './metadata.ts';
import { dnsLabel, portName, qualifiedName } from './names.ts';
import { checkProbes } from './probes.ts';
import type { Problems } from './problems.ts';
import { checkUser, list, oneOf } from './values.ts';

type Map = Record<string, unknown>;

export function checkContainers(spec: Map, volumes: Set<string>, problems: Problems): void {
  const names = new Set<string>();
  const containers = list(spec.containers);
  if (containers.length === 0) problems.at('containers').required();
  containers.forEach((container, i) => {
    checkContainer(container, { names, volumes, init: false }, problems.at('containers', i));
  });
  list(spec.initContainers).forEach((container, i) => {
    checkContainer(container, { names, volumes, init: true }, problems.at('initContainers', i));
  });
}

export interface Around {
  names: Set<string>;
  volumes: Set<string>;
  init: boolean;
}

export function checkContainer(container: Map, { names, volumes, init }: Around, problems: Problems): void {
  const { name, image } = container;
  if (typeof name !== 'string' || name === '') problems.at('name').required();
  else if (dnsLabel(name).length > 0) complain(problems.at('name'), name, dnsLabel(name));
  else if (names.has(name)) problems.at('name').duplicate(name);
  else names.add(name);
  if (typeof image !== 'string' || image === '') problems.at('image').required();
  else if (image.trim() !== image) problems.at('image').invalid(image, 'must not have leading or trailing whitespace');
  checkPorts(container.ports, problems.at('ports'));
  checkEnvironment(container.env, problems.at('env'));
  checkMounts(container.volumeMounts, volumes, problems.at('volumeMounts'));
  oneOf(container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never'], problems.at('imagePullPolicy'));
  if (isMap(container.resources)) checkResources(container.resources, problems.at('resources'));
  checkProbes(container, init, problems);
  if (isMap(container.securityContext)) checkSecurity(container.securityContext, problems.at('securityContext'));
}

function checkPorts(ports: unknown, problems: Problems): void {
  const names = new Set<unknown>();
  list(ports).forEach((port, i) => {
    const at = problems.at(i);
    if (port.name) {
      const complaints = portName(String(port.name));
      complain(at.at('name'), port.name, complaints);
      if (complaints.length === 0 && names.has(port.name)) at.at('name').duplicate(port.name);
      names.add(port.name);
    }
    if (!port.containerPort) at.at('containerPort').required();
    else checkPort(port.containerPort, at.at('containerPort'));
    if (port.hostPort) checkPort(port.hostPort, at.at('hostPort'));
    oneOf(port.protocol, ['SCTP', 'TCP', 'UDP'], at.at('protocol'));
  });
}

export function checkPort(port: unknown, problems: Problems): void {
  if (typeof port === 'number' && (port < 1 || port > 65535))
    problems.invalid(port, 'must be between 1 and 65535, inclusive');
}

const podFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

function checkEnvironment(env: unknown, problems: Problems): void {
  list(env).forEach((variable, i) => {
    const at = problems.at(i);
    if (!variable.name) at.at('name').required();
    else if (!/^[ -<>-~]+$/.test(String(variable.name)))
      at.at('name').invalid(
        variable.name,
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      );
    if (!isMap(variable.valueFrom)) return;
    const from = at.at('valueFrom');
    const sources = Object.keys(variable.valueFrom).length;
    if (variable.value) {
      if (sources > 0) from.invalid('', 'may not be specified when `value` is not empty');
    } else if (sources > 1) from.invalid('', 'may not have more than one field specified at a time');
    else if (sources === 0)
      from.invalid('', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`');
    const { fieldRef } = variable.valueFrom;
    if (!isMap(fieldRef)) return;
    const path = String(fieldRef.fieldPath ?? '');
    if (path === '') from.at('fieldRef', 'fieldPath').required();
    else if (!podFields.includes(path) && !/^metadata\.(labels|annotations)\['.*'\]$/.test(path))
      from.at('fieldRef', 'fieldPath').invalid(path, `error converting fieldPath: field label not supported: ${path}`);
  });
}

function checkMounts(mounts: unknown, volumes: Set<string>, problems: Problems): void {
  const paths = new Set<unknown>();
  list(mounts).forEach((mount, i) => {
    const at = problems.at(i);
    if (!mount.name) at.at('name').required();
    else if (!volumes.has(String(mount.name))) at.at('name').notFound(mount.name);
    if (!mount.mountPath) at.at('mountPath').required();
    else if (paths.has(mount.mountPath)) at.at('mountPath').invalid(mount.mountPath, 'must be unique');
    paths.add(mount.mountPath);
  });
}

const standard = new Set(['cpu', 'memory', 'ephemeral-storage', 'storage']);

function checkResources(resources: Map, problems: Problems): void {
  const limits = isMap(resources.limits) ? resources.limits : {};
  const requests = isMap(resources.requests) ? resources.requests : {};
  for (const [name, value] of Object.entries(limits)) checkResource(name, value, problems.at('limits').key(name));
  for (const [name, value] of Object.entries(requests)) {
    checkResource(name, value, problems.at('requests').key(name));
    const limit = limits[name];
    if (limit !== undefined && (parseQuantity(value) ?? 0) > (parseQuantity(limit) ?? 0))
      problems.at('requests').invalid(String(value), `must be less than or equal to ${name} limit of ${String(limit)}`);
  }
}

function checkResource(name: string, value: unknown, problems: Problems): void {
  complain(problems, name, qualifiedName(name));
  if (!name.includes('/') && !standard.has(name) && !name.startsWith('hugepages-')) {
    problems.invalid(name, 'must be a standard resource type or fully qualified');
    problems.invalid(name, 'must be a standard resource for containers');
  }
  if ((parseQuantity(value) ?? 0) < 0) problems.invalid(String(value), 'must be greater than or equal to 0');
}

function checkSecurity(context: Map, problems: Problems): void {
  checkUser(context, problems);
  if (context.allowPrivilegeEscalation !== false || context.privileged !== true) return;
  const of = (field: string): unknown => context[field] ?? null;
  // The API server prints its own structure.
  problems.invalid(
    {
      Capabilities: of('capabilities'),
      Privileged: true,
      SELinuxOptions: of('seLinuxOptions'),
      WindowsOptions: of('windowsOptions'),
      RunAsUser: of('runAsUser'),
      RunAsGroup: of('runAsGroup'),
      RunAsNonRoot: of('runAsNonRoot'),
      ReadOnlyRootFilesystem: of('readOnlyRootFilesystem'),
      AllowPrivilegeEscalation: false,
      ProcMount: of('procMount'),
      SeccompProfile: of('seccompProfile'),
      AppArmorProfile: of('appArmorProfile'),
    },
    'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
  );
}
