// Headers that come more than once. Their values are kept in one text with line ends between, which no value can hold; names that
// Envoy keeps in a slot of their own have them joined by commas. Which names those are was seen on a real proxy.

export type Direction = 'request' | 'answer';

/** One value more for a header that may be there. `name` is lower-case. */
export function addHeader(headers: Record<string, string>, name: string, value: string, direction: Direction): void {
  const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (before === undefined) headers[name] = value;
  else headers[name] = `${before}${isJoined(name, direction) ? ',' : BETWEEN}${value}`;
}

/** At least one: a header that is there and empty has an empty value. */
export function valuesOf(text: string): readonly string[] {
  return text.includes(BETWEEN) ? text.split(BETWEEN) : [text];
}

/** Whether one of the values passes: how rules and policies compare. */
export function anyValue(text: string, test: (value: string) => boolean): boolean {
  return text.includes(BETWEEN) ? text.split(BETWEEN).some(test) : test(text);
}

/** What a log, a span or a header made of another one tells. */
export function firstValue(text: string): string {
  const end = text.indexOf(BETWEEN);
  return end < 0 ? text : text.slice(0, end);
}

/** All values in one line, as CEL and many programs read them. */
export function allValues(text: string): string {
  return text.includes(BETWEEN) ? text.replaceAll(BETWEEN, ',') : text;
}

const BETWEEN = '\n';

function isJoined(name: string, direction: Direction): boolean {
  if (name.startsWith('x-envoy-')) return true;
  return both.has(name) || (direction === 'request' ? ofRequests : ofAnswers).has(name);
}

const both = new Set(
  'cache-control content-encoding content-length content-type grpc-timeout proxy-status upgrade via x-request-id'.split(
    ' ',
  ),
);
const ofRequests = new Set(
  (
    'accept accept-encoding access-control-request-headers access-control-request-method authorization expect if-match ' +
    'if-modified-since if-none-match if-range origin pragma referer user-agent x-client-trace-id ' +
    'x-forwarded-client-cert x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto'
  ).split(' '),
);
const ofAnswers = new Set(
  (
    'access-control-allow-credentials access-control-allow-headers access-control-allow-methods ' +
    'access-control-allow-origin access-control-expose-headers access-control-max-age age date etag expires ' +
    'grpc-message grpc-status last-modified location vary'
  ).split(' '),
);
