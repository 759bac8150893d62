// The VirtualServices of a file, with where their rules and weights are: what the lenses and the live split stand beside.
import { namespaceOf } from '../mesh/config-objects.ts';
import { fullHost } from '../mesh/host-names.ts';
import { fields, integer, items, text, texts } from '../mesh/read.ts';
import { indexLines, type Range } from './text.ts';
import type { Workspace } from './workspace.ts';
import { parsePart } from './written-file.ts';
import { findPath, spanOf } from './yaml-nodes.ts';

export interface WrittenDestination {
  /** Full name of the host, as Envoy's clusters have it. */
  host: string;
  subset: string;
  port?: number;
  weight?: number;
  /** Of the weight; of the destination when no weight is written. */
  range: Range;
}

export interface WrittenRoute {
  name: string;
  namespace: string;
  hosts: string[];
  gateways: string[];
  /** Of the line where it begins. */
  range: Range;
  /** One list for each rule that splits. */
  rules: WrittenDestination[][];
}

/** VirtualServices in the order in which they are written. */
export function routesIn(workspace: Workspace, uri: string): WrittenRoute[] {
  const file = workspace.file(uri);
  if (!file) return [];
  const lines = indexLines(file.text);
  return file.parts.flatMap((part) => {
    const own = part.objects.filter(
      ({ kind, apiVersion, object }) =>
        object && kind === 'VirtualService' && apiVersion.startsWith('networking.istio.io/'),
    );
    const document = own.length > 0 ? parsePart(part.text) : undefined;
    if (!document) return [];
    const range = (at: readonly (string | number)[]): Range => {
      const [start, end] = spanOf(findPath(document, at) ?? { exact: false });
      return lines.rangeOf([start + part.offset, end + part.offset]);
    };
    /** Of the line where the object begins. */
    const firstLine = (at: readonly (string | number)[]): Range => {
      const start = (findPath(document, at)?.value?.[0] ?? 0) + part.offset;
      return lines.rangeOf([start, start]);
    };
    return own.flatMap(({ object, at }): WrittenRoute[] => {
      if (!object) return [];
      const namespace = namespaceOf(object);
      const spec = fields(object.spec);
      const rules = ['http', 'tcp', 'tls'].flatMap((protocol) =>
        items(spec[protocol]).map((rule, index) =>
          items(fields(rule).route).map((entry, i): WrittenDestination => {
            const { destination, weight } = fields(entry);
            const { host, subset, port } = fields(destination);
            const path = [...at, 'spec', protocol, index, 'route', i];
            const number = integer(fields(port).number);
            return {
              host: fullHost(text(host) ?? '', namespace),
              subset: text(subset) ?? '',
              ...(number !== undefined && { port: number }),
              ...(typeof weight === 'number' && { weight }),
              range: range(typeof weight === 'number' ? [...path, 'weight'] : [...path, 'destination']),
            };
          }),
        ),
      );
      const { name } = object.metadata;
      const gateways = texts(spec.gateways);
      return [
        {
          name,
          namespace,
          hosts: texts(spec.hosts),
          gateways: gateways.length > 0 ? gateways : ['mesh'],
          range: firstLine([...at]),
          rules: rules.filter((rule) => rule.length > 0),
        },
      ];
    });
  });
}
