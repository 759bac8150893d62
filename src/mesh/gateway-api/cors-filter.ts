// The filter CORS of an HTTPRoute.
import { fields, integer, present, texts } from '../read.ts';
import type { Fields } from './api.ts';

export function corsPolicy(value: unknown): Fields | undefined {
  if (!present(value)) return undefined;
  const { allowOrigins, allowCredentials, allowMethods, allowHeaders, exposeHeaders, maxAge } = fields(value);
  const seconds = integer(maxAge) ?? 0;
  return {
    allowOrigins: texts(allowOrigins)
      .filter((origin) => origin !== '')
      .map(originMatch),
    ...(allowCredentials === true && { allowCredentials }),
    allowMethods: texts(allowMethods),
    allowHeaders: texts(allowHeaders),
    exposeHeaders: texts(exposeHeaders),
    ...(seconds > 0 && { maxAge: `${seconds}s` }),
    unmatchedPreflights: 'IGNORE',
  };
}

/** `*` is any origin that is one: scheme, host and perhaps a port. */
const ANY_ORIGIN = '[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+';

function originMatch(origin: string): Fields {
  if (origin === '*') return { regex: ANY_ORIGIN };
  const star = origin.indexOf('*');
  if (star < 0) return { exact: origin };
  if (star === origin.length - 1) return { prefix: origin.slice(0, -1) };
  return { regex: origin.replace(/[\\.+?()|[\]{}^$]/g, '\\$&').replaceAll('*', '.*') };
}
