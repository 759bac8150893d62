// What writing does to each kind beyond defaults: allocation, generation, immutable fields, validation.
import type { KubeObject } from '../../../mesh/objects.ts';
import { invalid } from '../errors.ts';
import { isMap } from '../patch-merge.ts';
import { validateObject } from '../validation/validate-object.ts';
import type { KindDefinition } from './built-in.ts';
import { firstWrite, laterWrite } from './first-write.ts';

export interface StrategyContext {
  /** Objects of a resource, to keep addresses unique. */
  list(resource: string): KubeObject[];
  random: () => number;
  resource: string;
  kind: KindDefinition;
  /** As timestamps are written. */
  now: string;
  /** By which it is written; undefined for the object itself. */
  subresource?: string | undefined;
}

type Map = Record<string, unknown>;

/** Edits the new object in place. Throws ApiError 422. */
export function prepareCreate(object: KubeObject, context: StrategyContext): void {
  // A pod's first status is the work of admission.
  if (context.kind.subresources.includes('status') && context.resource !== 'pods') delete object.status;
  firstWrite(context.resource, object, context.now);
  check(object, undefined, context);
  if (context.resource === 'services') allocateService(object, undefined, context);
  if (context.resource === 'secrets') encodeStringData(object);
}

export function prepareUpdate(object: KubeObject, previous: KubeObject, context: StrategyContext): void {
  if (context.resource === 'services') releaseService(object, previous);
  laterWrite(context.resource, object, previous);
  check(object, previous, context);
  if (context.resource === 'services') allocateService(object, previous, context);
  if (context.resource === 'secrets') encodeStringData(object);
}

function check(
  object: KubeObject,
  previous: KubeObject | undefined,
  { kind, resource, subresource }: StrategyContext,
): void {
  const causes = validateObject(object, previous, resource, subresource);
  if (causes.length > 0) throw invalid(kind.kind, kind.group, object.metadata.name, causes);
}

/** What a Service was given for another type goes with that type, unless the update itself asks for it. */
function releaseService(object: KubeObject, previous: KubeObject): void {
  const [spec, before] = [object.spec, previous.spec];
  if (!isMap(spec) || !isMap(before) || spec.type !== 'ClusterIP' || before.type === 'ClusterIP') return;
  const old = Array.isArray(before.ports) ? (before.ports as Map[]).map((p) => p.nodePort) : [];
  for (const port of Array.isArray(spec.ports) ? (spec.ports as Map[]) : [])
    if (old.includes(port.nodePort)) delete port.nodePort;
  for (const field of ['externalTrafficPolicy', 'allocateLoadBalancerNodePorts', 'healthCheckNodePort'])
    if (JSON.stringify(spec[field]) === JSON.stringify(before[field])) delete spec[field];
}

function allocateService(object: KubeObject, previous: KubeObject | undefined, context: StrategyContext): void {
  const spec = isMap(object.spec) ? object.spec : {};
  const before = previous && isMap(previous.spec) ? previous.spec : undefined;
  const fail = (field: string, message: string): never => {
    throw invalid('Service', '', object.metadata.name, [{ field, reason: 'FieldValueInvalid', message }]);
  };
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
    } else if (!old && spec.clusterIP !== 'None' && !String(spec.clusterIP).startsWith('10.96.')) {
      fail(
        'spec.clusterIPs',
        `Invalid value: ["${String(spec.clusterIP)}"]: failed to allocate IP ${String(spec.clusterIP)}: the provided network does not match the current range`,
      );
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
  const checked = spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
  if (checked) spec.healthCheckNodePort ??= before?.healthCheckNodePort ?? 30000 + Math.floor(context.random() * 2768);
  else if (before && spec.healthCheckNodePort === before.healthCheckNodePort) delete spec.healthCheckNodePort;
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
