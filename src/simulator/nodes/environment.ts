// A container's environment, as the kubelet puts it together from the pod, ConfigMaps and Secrets.
import type { KubeObject } from '../../mesh/objects.ts';
import { quantityOf } from '../../mesh/quantity.ts';
import type { Container, EnvSource, EnvVar, Pod, Service } from '../controllers/kinds.ts';

export type Lookup = (
  resource: 'configmaps' | 'secrets' | 'persistentvolumeclaims',
  name: string,
) => KubeObject | undefined;

/** Something that the container needs is not there; the message is the kubelet's. */
export class ConfigError extends Error {}

type Environment = Record<string, string>;

/** Throws ConfigError. `pod` must carry its addresses already. */
export function resolveEnvironment(
  container: Container,
  pod: Pod,
  services: Service[],
  lookup: Lookup,
  nodeAllocatable: Record<string, string | number> = {},
): Environment {
  const env: Environment = serviceLinks(services);
  env.HOSTNAME = pod.spec?.hostname ?? pod.metadata.name;
  for (const source of container.envFrom ?? []) Object.assign(env, fromSource(source, lookup));
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, container, pod, lookup, env, nodeAllocatable);
    if (value !== undefined) env[variable.name] = value;
  }
  return env;
}

/** `$(NAME)` is replaced when NAME is known so far; `$$(NAME)` stands for itself. */
export function expand(text: string, env: Environment): string {
  return text.replace(/\$\$|\$\(([^)]+)\)/g, (whole, name?: string) =>
    name === undefined ? '$' : (env[name] ?? whole),
  );
}

export function fieldOf(pod: Pod, path: string): string {
  const subscript = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (subscript) {
    const map = subscript[1] === 'labels' ? pod.metadata.labels : pod.metadata.annotations;
    return map?.[subscript[2] ?? ''] ?? '';
  }
  const fields: Record<string, string | undefined> = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace,
    'metadata.uid': pod.metadata.uid,
    'spec.nodeName': pod.spec?.nodeName,
    'spec.serviceAccountName': pod.spec?.serviceAccountName,
    'status.hostIP': pod.status?.hostIP,
    'status.hostIPs': pod.status?.hostIP,
    'status.podIP': pod.status?.podIP,
    'status.podIPs': pod.status?.podIP,
  };
  return fields[path] ?? '';
}

function variableValue(
  variable: EnvVar,
  container: Container,
  pod: Pod,
  lookup: Lookup,
  env: Environment,
  nodeAllocatable: Record<string, string | number>,
): string | undefined {
  const from = variable.valueFrom;
  if (!from) return expand(variable.value ?? '', env);
  if (from.fieldRef) return fieldOf(pod, from.fieldRef.fieldPath);
  if (from.resourceFieldRef) return resourceOf(from.resourceFieldRef, container, pod, nodeAllocatable);
  if (from.configMapKeyRef) return keyOf('configmaps', from.configMapKeyRef, pod, lookup);
  if (from.secretKeyRef) return keyOf('secrets', from.secretKeyRef, pod, lookup);
  return '';
}

function resourceOf(
  ref: { resource: string; containerName?: string; divisor?: string },
  container: Container,
  pod: Pod,
  nodeAllocatable: Record<string, string | number>,
): string {
  const of = pod.spec?.containers.find((c) => c.name === ref.containerName) ?? container;
  const [list = '', name = ''] = ref.resource.split('.');
  const own = list === 'limits' ? of.resources?.limits?.[name] : of.resources?.requests?.[name];
  const amount = own ?? (list === 'limits' ? nodeAllocatable[name] : 0);
  const divisor = quantityOf(ref.divisor === undefined || ref.divisor === '0' ? '1' : ref.divisor);
  return String(Math.ceil(quantityOf(amount) / divisor));
}

function keyOf(
  resource: 'configmaps' | 'secrets',
  ref: { name: string; key: string; optional?: boolean },
  pod: Pod,
  lookup: Lookup,
): string | undefined {
  const object = lookup(resource, ref.name);
  if (!object) return missing(resource, ref.name, ref.optional);
  const value = dataOf(object)[ref.key];
  if (value !== undefined) return value;
  if (ref.optional) return undefined;
  const kind = resource === 'configmaps' ? 'ConfigMap' : 'Secret';
  throw new ConfigError(`couldn't find key ${ref.key} in ${kind} ${pod.metadata.namespace ?? ''}/${ref.name}`);
}

function fromSource(source: EnvSource, lookup: Lookup): Environment {
  const resource = source.configMapRef ? 'configmaps' : 'secrets';
  const ref = source.configMapRef ?? source.secretRef;
  if (!ref) return {};
  const object = lookup(resource, ref.name);
  if (!object) {
    missing(resource, ref.name, ref.optional);
    return {};
  }
  const entries = Object.entries(dataOf(object));
  return Object.fromEntries(entries.map(([key, value]) => [`${source.prefix ?? ''}${key}`, value]));
}

function missing(resource: 'configmaps' | 'secrets', name: string, optional: boolean | undefined): undefined {
  if (!optional) throw new ConfigError(`${resource.slice(0, -1)} "${name}" not found`);
  return undefined;
}

function dataOf(object: KubeObject): Environment {
  const data = (object.data ?? {}) as Environment;
  if (object.kind !== 'Secret') return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

/** For each service with an address, `REVIEWS_SERVICE_HOST` and its like, and those that Docker's links had. */
function serviceLinks(services: Service[]): Environment {
  const env: Environment = {};
  for (const { metadata, spec } of services) {
    const address = spec?.clusterIP;
    if (!address || address === 'None') continue;
    const prefix = variableName(metadata.name);
    env[`${prefix}_SERVICE_HOST`] = address;
    const ports = spec.ports ?? [];
    for (const [i, { name, port, protocol = 'TCP' }] of ports.entries()) {
      const url = `${protocol.toLowerCase()}://${address}:${port}`;
      if (i === 0) {
        env[`${prefix}_SERVICE_PORT`] = String(port);
        env[`${prefix}_PORT`] = url;
      }
      if (name) env[`${prefix}_SERVICE_PORT_${variableName(name)}`] = String(port);
      const one = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
      env[one] = url;
      env[`${one}_PROTO`] = protocol.toLowerCase();
      env[`${one}_PORT`] = String(port);
      env[`${one}_ADDR`] = address;
    }
  }
  return env;
}

const variableName = (name: string): string => name.toUpperCase().replaceAll('-', '_');
