// What of a request a consistent hash is made from, and the cookie that a proxy hands out where the client has none.

import type { Endpoint } from '../decision.ts';
import type { Chance, MeshRequest } from '../engine.ts';
import { fields, integer, items, present, text } from '../read.ts';
import { valuesOf } from '../repeated-headers.ts';
import { milliseconds } from './duration.ts';
import { type HashTable, maglevTable, ringTable } from './hash-tables.ts';
import { xxHash64 } from './xxhash64.ts';

export type HashKey =
  | { kind: 'header'; name: string }
  | { kind: 'query'; name: string }
  | { kind: 'source' }
  | { kind: 'none' }
  | CookieKey;

interface CookieKey {
  kind: 'cookie';
  name: string;
  /** Undefined: no cookie is handed out. */
  ttl?: number;
  path: string;
  attributes: readonly { name: string; value: string }[];
}

export interface HashPolicy {
  balance: 'RING_HASH' | 'MAGLEV';
  key: HashKey;
  table(endpoints: readonly Endpoint[]): HashTable;
}

export interface StickyCookie {
  value: string;
  /** The whole `set-cookie`. */
  header: string;
}

export function readHashPolicy(value: unknown): HashPolicy | undefined {
  if (!present(value)) return undefined;
  const written = fields(value);
  const key = readKey(written);
  if (present(written.maglev)) {
    const size = tableSize(integer(fields(written.maglev).tableSize));
    return { balance: 'MAGLEV', key, table: (endpoints) => maglevTable(endpoints, size) };
  }
  const minimum = number(fields(written.ringHash).minimumRingSize) ?? number(written.minimumRingSize) ?? 1_024;
  return { balance: 'RING_HASH', key, table: (endpoints) => ringTable(endpoints, Math.max(1, minimum)) };
}

/** Undefined: the request has nothing to hash, and any endpoint will do. */
export function hashOf(key: HashKey, request: MeshRequest, cookie: string | undefined): bigint | undefined {
  const found = keyText(key, request) ?? cookie;
  return found === undefined ? undefined : xxHash64(found);
}

/** Undefined when the client needs none. */
export function newCookie(key: HashKey, request: MeshRequest, chance: Chance): StickyCookie | undefined {
  if (key.kind !== 'cookie' || key.ttl === undefined || keyText(key, request) !== undefined) return undefined;
  const value = `${eightDigits(chance)}${eightDigits(chance)}`;
  const seconds = Math.floor(key.ttl / 1_000);
  const parts = [`${key.name}="${value}"`];
  if (seconds > 0) parts.push(`Max-Age=${seconds}`);
  if (key.path) parts.push(`Path=${key.path}`);
  for (const attribute of key.attributes) {
    parts.push(attribute.value ? `${attribute.name}=${attribute.value}` : attribute.name);
  }
  return { value, header: [...parts, 'HttpOnly'].join('; ') };
}

function readKey(written: Readonly<Record<string, unknown>>): HashKey {
  const header = text(written.httpHeaderName);
  if (header) return { kind: 'header', name: header.toLowerCase() };
  if (present(written.httpCookie)) return readCookie(written.httpCookie);
  if (written.useSourceIp === true) return { kind: 'source' };
  const query = text(written.httpQueryParameterName);
  return query ? { kind: 'query', name: query } : { kind: 'none' };
}

function readCookie(value: unknown): CookieKey {
  const { name, ttl, path, attributes } = fields(value);
  const time = milliseconds(ttl);
  return {
    kind: 'cookie',
    name: safe(text(name) ?? ''),
    ...(time !== undefined && { ttl: time }),
    path: safe(text(path) ?? ''),
    attributes: items(attributes).map((item) => {
      const attribute = fields(item);
      return { name: safe(text(attribute.name) ?? ''), value: safe(text(attribute.value) ?? '') };
    }),
  };
}

/** Goes into a header of an answer, so it cannot end a line. */
function safe(written: string): string {
  return [...written].filter((char) => char >= ' ' && char !== '\u007f').join('');
}

function keyText(key: HashKey, request: MeshRequest): string | undefined {
  switch (key.kind) {
    case 'header':
      return valuesText(request.headers[key.name]);
    case 'query':
      return queryParameter(request.path, key.name);
    case 'source':
      return request.sourceAddress;
    case 'cookie':
      return cookieOf(request.headers.cookie, key.name);
    case 'none':
      return undefined;
  }
}

/** Whatever the order in which they came. */
function valuesText(header: string | undefined): string | undefined {
  return header === undefined ? undefined : [...valuesOf(header)].sort().join('');
}

/** As written, without decoding: as Envoy hashes it. */
function queryParameter(path: string, name: string): string | undefined {
  const start = path.indexOf('?');
  if (start < 0) return undefined;
  for (const pair of path
    .slice(start + 1)
    .split('#', 1)[0]
    ?.split('&') ?? []) {
    const equals = pair.indexOf('=');
    if ((equals < 0 ? pair : pair.slice(0, equals)) === name) return equals < 0 ? '' : pair.slice(equals + 1);
  }
  return undefined;
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(/[;\n]/) ?? []) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
    const value = pair.slice(equals + 1).trim();
    return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  }
  return undefined;
}

/** A table's size has to be prime; the default for anything else, and for what is larger than it. */
const DEFAULT_TABLE = 65_537;

function tableSize(wanted = DEFAULT_TABLE): number {
  return wanted >= 2 && wanted < DEFAULT_TABLE && isPrime(wanted) ? wanted : DEFAULT_TABLE;
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++) if (value % divisor === 0) return false;
  return true;
}

/** JSON writes 64-bit integers as text. */
function number(value: unknown): number | undefined {
  const read = typeof value === 'string' ? Number(value) : value;
  return typeof read === 'number' && Number.isInteger(read) && read > 0 ? read : undefined;
}

function eightDigits(chance: Chance): string {
  return Math.floor(chance.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}
