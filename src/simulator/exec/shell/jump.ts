// exit, return, break, continue: out of whatever runs, to who takes it.

export class Jump extends Error {
  readonly kind: 'exit' | 'return' | 'break' | 'continue';
  /** The status; for break and continue, how many loops. */
  readonly value: number;
  constructor(kind: Jump['kind'], value: number) {
    super(kind);
    this.kind = kind;
    this.value = value;
  }
}
