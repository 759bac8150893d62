// What Kubernetes adds to CEL, and the conversions whose failures a user reads: worded as cel-go words them.
import { type CelFunc, CelScalar, celFunc, celMethod, listType } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { create } from '@bufbuild/protobuf';
import { DurationSchema } from '@bufbuild/protobuf/wkt';
import { RE2JS } from 're2js';
import { goDuration } from '../mesh/validation/durations.ts';
import { type GoUrl, parseRequestUri } from './go-url.ts';

const { STRING, BOOL, INT, DYN } = CelScalar;
const texts = listType(STRING);

export function kubernetesFunctions(duration: CelFunc): CelFunc[] {
  return [...strings, duration, ...conversions, ...urls, ...regularExpressions, ...lists];
}

/** The type of the result is the library's own, which it does not export by name. */
export function durationFunction(result: CelFunc['result']): CelFunc {
  return celFunc('duration', [STRING], result, (text) => {
    const nanoseconds = goDuration(text);
    if (nanoseconds === undefined) throw new Error(conversionError('google.protobuf.Duration'));
    return create(DurationSchema, {
      seconds: nanoseconds / 1_000_000_000n,
      nanos: Number(nanoseconds % 1_000_000_000n),
    });
  });
}

const conversionError = (type: string) => `type conversion error from 'string' to '${type}'`;

const conversions: CelFunc[] = [
  celFunc('int', [STRING], INT, (text) => {
    if (!/^[-+]?\d{1,19}$/.test(text)) throw new Error(conversionError('int'));
    return BigInt(text.replace(/^\+/, ''));
  }),
];

/** A URL is a map here: the expressions of CRDs only ever ask it for its parts. */
const asMap = (url: GoUrl) => new Map(Object.entries(url));
const part = (name: string, read: (url: Map<string, string>) => string) =>
  celMethod(name, DYN, [], STRING, function () {
    const url = new Map<string, string>();
    if (typeof this === 'object' && this !== null && 'get' in this)
      for (const key of ['scheme', 'host', 'path', 'query']) url.set(key, String((this as CelMapLike).get(key) ?? ''));
    return read(url);
  });

interface CelMapLike {
  get(key: string): unknown;
}

const urls: CelFunc[] = [
  celFunc('isURL', [STRING], BOOL, (text) => {
    try {
      parseRequestUri(text);
      return true;
    } catch {
      return false;
    }
  }),
  celFunc('url', [STRING], DYN, (text) => {
    try {
      return asMap(parseRequestUri(text));
    } catch (error) {
      throw new Error(`URL parse error during conversion from string: ${error instanceof Error ? error.message : ''}`);
    }
  }),
  part('getScheme', (url) => url.get('scheme') ?? ''),
  part('getHost', (url) => url.get('host') ?? ''),
  part('getHostname', (url) => (url.get('host') ?? '').replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')),
  part('getPort', (url) => /:(\d+)$/.exec(url.get('host') ?? '')?.[1] ?? ''),
  part('getEscapedPath', (url) => url.get('path') ?? ''),
];

const regularExpressions: CelFunc[] = [
  celMethod('find', STRING, [STRING], STRING, function (pattern) {
    const matcher = RE2JS.compile(pattern).matcher(this);
    return matcher.find() ? (matcher.group() ?? '') : '';
  }),
  celMethod('findAll', STRING, [STRING], texts, function (pattern) {
    return [...findAll(pattern, this)];
  }),
  celMethod('findAll', STRING, [STRING, INT], texts, function (pattern, limit) {
    const all = [...findAll(pattern, this)];
    return limit < 0n ? all : all.slice(0, Number(limit));
  }),
];

function* findAll(pattern: string, text: string): Generator<string> {
  const matcher = RE2JS.compile(pattern).matcher(text);
  while (matcher.find()) yield matcher.group() ?? '';
}

const list = listType(DYN);
const numbers = (values: Iterable<unknown>) => [...values] as (bigint | number | string)[];

const lists: CelFunc[] = [
  celMethod('isSorted', list, [], BOOL, function () {
    const values = numbers(this);
    return values.every((value, index) => index === 0 || (values[index - 1] ?? value) <= value);
  }),
  celMethod('min', list, [], DYN, function () {
    return extreme(numbers(this), (a, b) => a < b, 'min');
  }),
  celMethod('max', list, [], DYN, function () {
    return extreme(numbers(this), (a, b) => a > b, 'max');
  }),
];

function extreme<T>(values: T[], better: (a: T, b: T) => boolean, name: string): T {
  const [first, ...rest] = values;
  if (first === undefined) throw new Error(`${name} called on empty list`);
  return rest.reduce((best, value) => (better(value, best) ? value : best), first);
}
