// Values that several kinds of check are written with.
import { RE2JS } from 're2js';
import * as z from 'zod';

export const text = z.string().min(1).max(500);

export const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'debe ser un nombre en minúsculas, con cifras, guiones y puntos');

export const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'debe ser un identificador en minúsculas, con cifras y guiones');

export const path = z.string().max(2_000).regex(/^\//, 'debe empezar por /');

export const headers = z.record(z.string(), z.string()).default({});

export const method = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']).default('GET');

export const status = z.int().min(100).max(599);

/** RE2: what a lab brings can never explode. */
export const expression = z
  .string()
  .min(1)
  .max(1_000)
  .refine((value) => {
    try {
      RE2JS.compile(value);
      return true;
    } catch {
      return false;
    }
  }, 'no es una expresión regular de RE2');

/** `1.5s`, `250ms`, `2m` → milliseconds. */
export const duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m)$/, 'debe ser una duración, como 500ms, 2s o 1m')
  .transform((written) => {
    const [, number = '0', unit = 's'] = /^([\d.]+)(ms|s|m)$/.exec(written) ?? [];
    return Number(number) * ({ ms: 1, s: 1_000, m: 60_000 }[unit] ?? 1);
  });
