// The list of what is wrong with an object, in the words of the API server: each with its field.
import type { StatusCause } from '../errors.ts';

/** At one field of the object; `at` goes further down. All of one object share their list. */
export interface Problems {
  readonly causes: StatusCause[];
  readonly path: string;
  /** `at('spec', 'ports', 0)` */
  at(...steps: (string | number)[]): Problems;
  /** `key('app')` → `spec.labels[app]` */
  key(name: string): Problems;
  required(detail?: string): void;
  invalid(value: unknown, detail: string): void;
  notSupported(value: unknown, supported: readonly string[]): void;
  duplicate(value: unknown): void;
  forbidden(detail: string): void;
  notFound(value: unknown): void;
  tooLong(longest: number): void;
  tooMany(actual: number, most: number): void;
}

export function createProblems(causes: StatusCause[] = [], path = ''): Problems {
  const say = (reason: string, message: string): void => void causes.push({ reason, message, field: path });
  return {
    causes,
    path,
    at: (...steps) => createProblems(causes, steps.reduce<string>(below, path)),
    key: (name) => createProblems(causes, `${path}[${name}]`),
    required: (detail) => say('FieldValueRequired', `Required value${detail ? `: ${detail}` : ''}`),
    invalid: (value, detail) => say('FieldValueInvalid', `Invalid value: ${shown(value)}: ${detail}`),
    notSupported: (value, supported) =>
      say(
        'FieldValueNotSupported',
        `Unsupported value: ${shown(value)}${supported.length > 0 ? `: supported values: ${supported.map((s) => JSON.stringify(s)).join(', ')}` : ''}`,
      ),
    duplicate: (value) => say('FieldValueDuplicate', `Duplicate value: ${shown(value)}`),
    forbidden: (detail) => say('FieldValueForbidden', `Forbidden${detail === '' ? '' : `: ${detail}`}`),
    notFound: (value) => say('FieldValueNotFound', `Not found: ${shown(value)}`),
    tooLong: (longest) => say('FieldValueTooLong', `Too long: may not be more than ${longest} bytes`),
    tooMany: (actual, most) => say('FieldValueTooMany', `Too many: ${actual}: must have at most ${most} items`),
  };
}

function below(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  return path === '' ? step : `${path}.${step}`;
}

function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}
