// An error that a person can act on: what happened, what was expected and what to do, in Spanish, under a stable code.

export interface CodedErrorFields {
  /** `MALLA-CLU-01`: docs/errores.md explains it. */
  code: string;
  happened: string;
  expected: string;
  todo: string;
  /** The error behind it, for the log. */
  cause?: unknown;
}

export class CodedError extends Error {
  readonly code: string;
  readonly happened: string;
  readonly expected: string;
  readonly todo: string;

  constructor(fields: CodedErrorFields) {
    super(`${fields.code}: ${fields.happened}`, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'CodedError';
    this.code = fields.code;
    this.happened = fields.happened;
    this.expected = fields.expected;
    this.todo = fields.todo;
  }
}
