// Endpoints of a Service without selector: those of the EndpointSlices that somebody wrote for it.
import type { KubeObject } from './objects.ts';
import { fields, integer, items, text, texts } from './read.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';

export interface WrittenEndpoint {
  address: string;
  port: number;
}

/** Those that are ready, of the port with this name; a port without a name has the empty one. */
export function writtenEndpoints(
  slices: readonly KubeObject[],
  { namespace, name }: { namespace: string; name: string },
  portName: string,
): WrittenEndpoint[] {
  return slices
    .filter(
      ({ metadata }) => (metadata.namespace ?? 'default') === namespace && metadata.labels?.[SERVICE_NAME] === name,
    )
    .flatMap((slice) => {
      const said = items(slice.ports).map(fields);
      const port = integer(said.find((p) => (text(p.name) ?? '') === portName)?.port);
      return port === undefined ? [] : readyAddresses(slice).map((address) => ({ address, port }));
    });
}

function readyAddresses(slice: KubeObject): string[] {
  return items(slice.endpoints).flatMap((endpoint) => {
    const { addresses, conditions } = fields(endpoint);
    // Of the addresses of one endpoint, clients use the first.
    return fields(conditions).ready === false ? [] : texts(addresses).slice(0, 1);
  });
}
