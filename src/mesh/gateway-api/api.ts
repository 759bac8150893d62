// What all kinds of the Gateway API share: their group, and references from one object to another.
import type { KubeObject } from '../objects.ts';
import { fields, integer, text } from '../read.ts';

export const GROUP = 'gateway.networking.k8s.io';

export type Fields = Readonly<Record<string, unknown>>;

export function isOfGatewayApi(object: KubeObject, kind: string): boolean {
  return object.kind === kind && String(object.apiVersion).startsWith(`${GROUP}/`);
}

/** A reference as a status shows it and as it works: what is left out has the default of its field. */
export interface ParentRef {
  group: string;
  kind: string;
  namespace: string;
  name: string;
  sectionName: string;
  /** 0: any. */
  port: number;
}

export function readParentRef(value: unknown, namespace: string): ParentRef {
  const ref = fields(value);
  return {
    group: text(ref.group) ?? GROUP,
    kind: text(ref.kind) ?? 'Gateway',
    namespace: text(ref.namespace) ?? namespace,
    name: text(ref.name) ?? '',
    sectionName: text(ref.sectionName) ?? '',
    port: integer(ref.port) ?? 0,
  };
}

/** istiod tells and orders references by this text. */
export function refText({ group, kind, name, sectionName, port, namespace }: ParentRef): string {
  return `${group}/${kind}/${name}/${sectionName}/${port}.${namespace}`;
}

/** What is wrong with a part of a route, and the reason that its condition gives. */
export interface RefError {
  reason: string;
  message: string;
}

/** Several errors are told as one, with the reason of the first. */
export function joined(one: RefError | undefined, other: RefError | undefined): RefError | undefined {
  if (!one || !other) return one ?? other;
  return { reason: one.reason, message: `${one.message}; ${other.message}` };
}
