// One condition of a match, whatever part of a request it is about.
import type { MeshRequest } from './engine.ts';
import type { Operator } from './string-match.ts';

export interface Condition {
  /** YAML path below the match: `uri`, `headers.end-user`. */
  path: string;
  operator: Operator;
  value: string;
  negated: boolean;
  /** `path` is the request's path without query. */
  test(request: MeshRequest, path: string): boolean;
  /** What the request has there, for explanations. */
  actual(request: MeshRequest, path: string): string | undefined;
}
