// ReferenceGrants: which objects may name objects of other namespaces.
import { namespaceOf } from '../config-objects.ts';
import type { KubeObject } from '../objects.ts';
import { fields, items, text } from '../read.ts';
import { GROUP, isOfGatewayApi } from './api.ts';

export interface Reference {
  /** Kind of the Gateway API's group. */
  fromKind: string;
  fromNamespace: string;
  toKind: 'Service' | 'Secret';
  toNamespace: string;
  toName: string;
}

export type Grants = (reference: Reference) => boolean;

export function indexGrants(objects: readonly KubeObject[]): Grants {
  const allowed = new Set<string>();
  for (const object of objects) {
    if (!isOfGatewayApi(object, 'ReferenceGrant')) continue;
    const { from, to } = fields(object.spec);
    for (const source of items(from).map(fields)) {
      if (text(source.group) !== GROUP) continue;
      for (const target of items(to).map(fields)) {
        if (text(target.group)) continue;
        allowed.add(
          key(
            text(source.kind) ?? '',
            text(source.namespace) ?? '',
            text(target.kind) ?? '',
            namespaceOf(object),
            text(target.name) ?? '',
          ),
        );
      }
    }
  }
  return ({ fromKind, fromNamespace, toKind, toNamespace, toName }) =>
    allowed.has(key(fromKind, fromNamespace, toKind, toNamespace, toName)) ||
    allowed.has(key(fromKind, fromNamespace, toKind, toNamespace, ''));
}

function key(...parts: string[]): string {
  return parts.join('\n');
}
