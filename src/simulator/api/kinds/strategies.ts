// What writing does to each kind beyond defaults: allocation, generation, immutable fields, validation.
import type { KubeObject } from '../../../mesh/objects.ts';
import { invalid, type StatusCause } from '../errors.ts';
import { isMap } from '../patch-merge.ts';
import type { KindDefinition } from './built-in.ts';

export interface StrategyContext {
  /** Objects of a resource, to keep addresses unique. */
  list(resource: string): KubeObject[];
  random: () => number;
  resource: string;
  kind: KindDefinition;
}

type Map = Record<string, unknown>;

/** Edits the new object in place. Throws ApiError 422. */
export function prepareCreate(object: KubeObject, context: StrategyContext): void {
  // A pod's first status is the work of admission.
  if (context.kind.subresources.includes('status') && context.resource !== 'pods') delete object.status;
  const status = initialStatus[context.resource];
  if (status !== undefined) object.status = structuredClone(status);
  check(object, undefined, context);
  if (context.resource === 'services') allocateService(object, undefined, context);
  if (context.resource === 'secrets') encodeStringData(object);
}

export function prepareUpdate(object: KubeObject, previous: KubeObject, context: StrategyContext): void {
  check(object, previous, context);
  if (context.resource === 'services') allocateService(object, previous, context);
  if (context.resource === 'secrets') encodeStringData(object);
}

const initialStatus: Record<string, unknown> = {
  namespaces: { phase: 'Active' },
  services: { loadBalancer: {} },
  'apps/deployments': {},
  'apps/replicasets': { replicas: 0 },
  persistentvolumeclaims: { phase: 'Pending' },
};

function check(object: KubeObject, previous: KubeObject | undefined, { kind, resource }: StrategyContext): void {
  const causes: StatusCause[] = [];
  const spec = isMap(object.spec) ? object.spec : {};
  const before = previous && isMap(previous.spec) ? previous.spec : undefined;
  const say = (field: string, reason: string, message: string): void => void causes.push({ field, reason, message });
  if (!/^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/.test(object.metadata.name) && kind.group !== 'rbac.authorization.k8s.io') {
    say(
      'metadata.name',
      'FieldValueInvalid',
      `Invalid value: "${object.metadata.name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    );
  }
  for (const [key, value] of Object.entries(object.metadata.labels ?? {})) {
    if (!/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(String(value)) || String(value).length > 63) {
      say(
        'metadata.labels',
        'FieldValueInvalid',
        `Invalid value: "${value}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      );
    }
    if (key.length > 317)
      say(
        'metadata.labels',
        'FieldValueInvalid',
        `Invalid value: "${key}": name part must be no more than 63 characters`,
      );
  }
  if (['apps/deployments', 'apps/replicasets', 'apps/statefulsets', 'apps/daemonsets'].includes(resource)) {
    const selector = isMap(spec.selector) ? spec.selector : {};
    const wanted = isMap(selector.matchLabels) ? selector.matchLabels : {};
    const template = isMap(spec.template) ? spec.template : {};
    const labels = isMap(template.metadata) && isMap(template.metadata.labels) ? template.metadata.labels : {};
    if (Object.entries(wanted).some(([k, v]) => labels[k] !== v)) {
      say(
        'spec.template.metadata.labels',
        'FieldValueInvalid',
        `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
      );
    }
    if (before && JSON.stringify(before.selector) !== JSON.stringify(spec.selector)) {
      say('spec.selector', 'FieldValueInvalid', `Invalid value: ${JSON.stringify(spec.selector)}: field is immutable`);
    }
    if (isMap(template.spec)) checkContainers(template.spec, 'spec.template.spec', say);
  }
  if (resource === 'pods') checkContainers(spec, 'spec', say);
  if (causes.length > 0) throw invalid(kind.kind, kind.group, object.metadata.name, causes);
}

function checkContainers(spec: Map, path: string, say: (field: string, reason: string, message: string) => void): void {
  const containers = Array.isArray(spec.containers) ? (spec.containers as Map[]) : [];
  if (containers.length === 0) say(`${path}.containers`, 'FieldValueRequired', 'Required value');
  const seen = new Set<unknown>();
  containers.forEach((c, i) => {
    if (!c.name) say(`${path}.containers[${i}].name`, 'FieldValueRequired', 'Required value');
    if (!c.image) say(`${path}.containers[${i}].image`, 'FieldValueRequired', 'Required value');
    if (seen.has(c.name))
      say(`${path}.containers[${i}].name`, 'FieldValueDuplicate', `Duplicate value: ${JSON.stringify(c.name)}`);
    seen.add(c.name);
  });
}

function allocateService(object: KubeObject, previous: KubeObject | undefined, context: StrategyContext): void {
  const spec = isMap(object.spec) ? object.spec : {};
  const before = previous && isMap(previous.spec) ? previous.spec : undefined;
  const fail = (field: string, message: string): never => {
    throw invalid('Service', '', object.metadata.name, [{ field, reason: 'FieldValueInvalid', message }]);
  };
  if (!Array.isArray(spec.ports) || spec.ports.length === 0) {
    if (spec.type !== 'ExternalName' && spec.clusterIP !== 'None') {
      throw invalid('Service', '', object.metadata.name, [
        { field: 'spec.ports', reason: 'FieldValueRequired', message: 'Required value' },
      ]);
    }
  }
  const others = context.list('services').filter((s) => s.metadata.uid !== object.metadata.uid);
  if (spec.type !== 'ExternalName') {
    const old = before?.clusterIP;
    if (old && spec.clusterIP === undefined) Object.assign(spec, { clusterIP: old, clusterIPs: before?.clusterIPs });
    if (old && old !== spec.clusterIP && old !== 'None')
      fail('spec.clusterIPs[0]', `Invalid value: ["${String(spec.clusterIP)}"]: may not change once set`);
    const used = new Set(others.map((s) => (isMap(s.spec) ? s.spec.clusterIP : undefined)));
    if (!spec.clusterIP) {
      do spec.clusterIP = `10.96.${Math.floor(context.random() * 256)}.${1 + Math.floor(context.random() * 254)}`;
      while (used.has(spec.clusterIP));
    } else if (!old && spec.clusterIP !== 'None' && used.has(spec.clusterIP)) {
      fail(
        'spec.clusterIPs',
        `Invalid value: ["${String(spec.clusterIP)}"]: failed to allocate IP ${String(spec.clusterIP)}: provided IP is already allocated`,
      );
    }
    spec.clusterIPs ??= [spec.clusterIP];
    spec.ipFamilies ??= ['IPv4'];
    spec.ipFamilyPolicy ??= 'SingleStack';
  }
  const wantsNodePorts =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  const ports = Array.isArray(spec.ports) ? (spec.ports as Map[]) : [];
  if (!wantsNodePorts) {
    if (before && (before.type === 'NodePort' || before.type === 'LoadBalancer'))
      for (const port of ports) delete port.nodePort;
    return;
  }
  const taken = new Set(
    others.flatMap((s) =>
      isMap(s.spec) && Array.isArray(s.spec.ports) ? (s.spec.ports as Map[]).map((p) => p.nodePort) : [],
    ),
  );
  const oldPorts = before && Array.isArray(before.ports) ? (before.ports as Map[]) : [];
  ports.forEach((port, i) => {
    port.nodePort ??= oldPorts.find((p) => p.port === port.port && p.protocol === port.protocol)?.nodePort;
    if (port.nodePort === undefined) {
      do port.nodePort = 30000 + Math.floor(context.random() * 2768);
      while (taken.has(port.nodePort));
    } else if (taken.has(port.nodePort))
      fail(`spec.ports[${i}].nodePort`, `Invalid value: ${String(port.nodePort)}: provided port is already allocated`);
    else if (Number(port.nodePort) < 30000 || Number(port.nodePort) > 32767) {
      fail(
        `spec.ports[${i}].nodePort`,
        `Invalid value: ${String(port.nodePort)}: provided port is not in the valid range. The range of valid ports is 30000-32767`,
      );
    }
    taken.add(port.nodePort);
  });
}

function encodeStringData(object: KubeObject): void {
  object.type ??= 'Opaque';
  if (!isMap(object.stringData)) return;
  const encoded = Object.entries(object.stringData).map(([k, v]) => [k, Buffer.from(String(v)).toString('base64')]);
  object.data = { ...(isMap(object.data) ? object.data : {}), ...Object.fromEntries(encoded) };
  delete object.stringData;
}
