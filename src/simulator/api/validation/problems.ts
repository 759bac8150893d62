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
  return new ProblemsAt(causes, undefined, path);
}

/** Paths are put together when there is something to say. */
class ProblemsAt implements Problems {
  readonly causes: StatusCause[];
  readonly #above: ProblemsAt | undefined;
  readonly #step: string | number;
  readonly #isKey: boolean;

  constructor(causes: StatusCause[], above: ProblemsAt | undefined, step: string | number, isKey = false) {
    this.causes = causes;
    this.#above = above;
    this.#step = step;
    this.#isKey = isKey;
  }

  get path(): string {
    const above = this.#above?.path ?? '';
    if (this.#isKey || typeof this.#step === 'number') return `${above}[${this.#step}]`;
    return above === '' ? this.#step : `${above}.${this.#step}`;
  }

  at(...steps: (string | number)[]): Problems {
    let place: ProblemsAt = this;
    for (const step of steps) place = new ProblemsAt(this.causes, place, step);
    return place;
  }

  key(name: string): Problems {
    return new ProblemsAt(this.causes, this, name, true);
  }

  required(detail?: string): void {
    this.#say('FieldValueRequired', `Required value${detail ? `: ${detail}` : ''}`);
  }

  invalid(value: unknown, detail: string): void {
    this.#say('FieldValueInvalid', `Invalid value: ${shown(value)}: ${detail}`);
  }

  notSupported(value: unknown, supported: readonly string[]): void {
    const list = supported.map((s) => JSON.stringify(s)).join(', ');
    const choice = list === '' ? '' : `: supported values: ${list}`;
    this.#say('FieldValueNotSupported', `Unsupported value: ${shown(value)}${choice}`);
  }

  duplicate(value: unknown): void {
    this.#say('FieldValueDuplicate', `Duplicate value: ${shown(value)}`);
  }

  forbidden(detail: string): void {
    this.#say('FieldValueForbidden', `Forbidden${detail === '' ? '' : `: ${detail}`}`);
  }

  notFound(value: unknown): void {
    this.#say('FieldValueNotFound', `Not found: ${shown(value)}`);
  }

  tooLong(longest: number): void {
    this.#say('FieldValueTooLong', `Too long: may not be more than ${longest} bytes`);
  }

  tooMany(actual: number, most: number): void {
    this.#say('FieldValueTooMany', `Too many: ${actual}: must have at most ${most} items`);
  }

  #say(reason: string, message: string): void {
    this.causes.push({ reason, message, field: this.path });
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}
