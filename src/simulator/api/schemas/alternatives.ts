// oneOf and its kin, as CRDs use them: conditions on which fields are there.
import { isIPv4, isIPv6 } from 'node:net';
import { isMap } from '../patch-merge.ts';
import type { Schema } from './schema.ts';

/** The API server's sentence when not exactly one alternative holds; undefined when one does. */
export function alternativesProblem(value: unknown, alternatives: Schema[], path: string): string | undefined {
  const found = alternatives.filter((schema) => holds(value, schema)).length;
  if (found === 1) return undefined;
  const count = found === 0 ? 'Found none valid' : `Found ${found} valid alternatives`;
  return `Invalid value: "": "${path}" must validate one and only one schema (oneOf). ${count}`;
}

function holds(value: unknown, schema: Schema): boolean {
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (typeof value === 'string' && !fitsFormat(value, schema.format)) return false;
  if (isMap(value) && schema.required?.some((name) => value[name] === undefined)) return false;
  if (schema.not && holds(value, schema.not)) return false;
  if (schema.anyOf && !schema.anyOf.some((s) => holds(value, s))) return false;
  if (schema.oneOf && schema.oneOf.filter((s) => holds(value, s)).length !== 1) return false;
  if (!isMap(value)) return true;
  return Object.entries(schema.properties ?? {}).every(
    ([name, property]) => value[name] === undefined || holds(value[name], property),
  );
}

function fitsFormat(value: string, format: string | undefined): boolean {
  if (format === 'ipv4') return isIPv4(value);
  return format === 'ipv6' ? isIPv6(value) : true;
}
