// The parts of a shell program, as the parser leaves them for the runner.

export type Token =
  | { kind: 'word'; word: Word /** As written, when nothing in it is quoted. */; plain: string | undefined }
  | { kind: 'operator'; text: string /** File descriptor written before a redirection. */; from?: number }
  | { kind: 'newline' };

/** Pieces of a word: what was quoted is neither split nor matched against file names. */
export type Piece =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'variable'; name: string; operator?: string; operand?: Word; quoted: boolean }
  | { kind: 'command'; script: List; quoted: boolean }
  | { kind: 'arithmetic'; word: Word; quoted: boolean };

export type Word = Piece[];

export interface Redirection {
  /** File descriptor. */
  from: number;
  operator: '<' | '>' | '>>' | '>&' | '<<';
  target: Word;
}

export type Command =
  | { kind: 'simple'; assignments: [name: string, value: Word][]; words: Word[]; redirections: Redirection[] }
  | { kind: 'group'; body: List; subshell: boolean; redirections: Redirection[] }
  | {
      kind: 'if';
      branches: { condition: List; body: List }[];
      otherwise: List | undefined;
      redirections: Redirection[];
    }
  | { kind: 'loop'; until: boolean; condition: List; body: List; redirections: Redirection[] }
  | { kind: 'for'; name: string; words: Word[] | undefined; body: List; redirections: Redirection[] }
  | { kind: 'case'; word: Word; arms: { patterns: Word[]; body: List }[]; redirections: Redirection[] }
  | { kind: 'function'; name: string; body: Command; redirections: Redirection[] };

export interface Pipeline {
  commands: Command[];
  negated: boolean;
}

export interface Item {
  first: Pipeline;
  rest: { operator: '&&' | '||'; pipeline: Pipeline }[];
  background: boolean;
}

export type List = Item[];

export class SyntaxProblem extends Error {
  /** The program ends too soon: a terminal may bring the rest. */
  readonly incomplete: boolean;
  constructor(message: string, incomplete = false) {
    super(message);
    this.incomplete = incomplete;
  }
}
