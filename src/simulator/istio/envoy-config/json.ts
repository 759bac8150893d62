// Envoy's configuration in the JSON form of its own admin page: snake_case names, an `@type` in each Any.
export type Json = Record<string, unknown>;

export const TYPE = 'type.googleapis.com/';

/** A named extension with its configuration. */
export function extension(name: string, type: string, config: Json = {}): Json {
  return { name, typed_config: { '@type': TYPE + type, ...config } };
}

export function socketAddress(address: string, port: number): Json {
  return { socket_address: { address, port_value: port } };
}

/** Go's and Envoy's way to write a duration: `10s`, `0.250s`. */
export function seconds(milliseconds: number): string {
  if (Number.isInteger(milliseconds / 1000)) return `${milliseconds / 1000}s`;
  return `${(milliseconds / 1000).toFixed(3)}s`;
}

/** How istiod writes the object that a piece of configuration comes from. */
export function configPath(kind: string, namespace: string, name: string): string {
  return `/apis/networking.istio.io/v1/namespaces/${namespace}/${kind}/${name}`;
}

export const ADS = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };

/** Byte order of names, as Go sorts. */
export function byName(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
