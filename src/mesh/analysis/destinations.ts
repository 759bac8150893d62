// All destinations that a VirtualService names, with where.
import type { KubeObject } from '../objects.ts';
import { fields, integer, items, present, text } from '../read.ts';

export interface NamedDestination {
  /** Path of the destination inside the object. */
  path: string;
  host: string;
  subset: string;
  port: number | undefined;
  mirror: boolean;
}

export function destinationsOf({ spec }: KubeObject): NamedDestination[] {
  return ['http', 'tcp', 'tls'].flatMap((protocol) =>
    items(fields(spec)[protocol]).flatMap((rule, index) => {
      const path = `spec.${protocol}[${index}]`;
      const { route, mirror, mirrors } = fields(rule);
      return [
        ...items(route).map((item, i) => read(fields(item).destination, `${path}.route[${i}].destination`, false)),
        ...items(mirrors).map((item, i) => read(fields(item).destination, `${path}.mirrors[${i}].destination`, true)),
        ...(present(mirror) ? [read(mirror, `${path}.mirror`, true)] : []),
      ];
    }),
  );
}

function read(value: unknown, path: string, mirror: boolean): NamedDestination {
  const { host, subset, port } = fields(value);
  return { path, host: text(host) ?? '', subset: text(subset) ?? '', port: integer(fields(port).number), mirror };
}
