// The functions: what they take and what they give.
import type { ValueType } from './ast.ts';

export interface Signature {
  takes: readonly ValueType[];
  /** How many of the last ones may be missing. */
  optional?: number;
  /** The last one may come again. */
  variadic?: true;
  returns: 'scalar' | 'vector';
}

const table: [names: string, signature: Signature][] = [
  ['time pi', { takes: [], returns: 'scalar' }],
  ['vector', { takes: ['scalar'], returns: 'vector' }],
  ['scalar', { takes: ['vector'], returns: 'scalar' }],
  [
    'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp',
    { takes: ['vector'], returns: 'vector' },
  ],
  ['clamp', { takes: ['vector', 'scalar', 'scalar'], returns: 'vector' }],
  ['clamp_max clamp_min', { takes: ['vector', 'scalar'], returns: 'vector' }],
  ['round', { takes: ['vector', 'scalar'], optional: 1, returns: 'vector' }],
  [
    'days_in_month day_of_month day_of_week day_of_year hour minute month year',
    { takes: ['vector'], optional: 1, returns: 'vector' },
  ],
  [
    'rate irate increase delta idelta deriv changes resets absent_over_time avg_over_time count_over_time last_over_time max_over_time min_over_time present_over_time stddev_over_time stdvar_over_time sum_over_time',
    { takes: ['matrix'], returns: 'vector' },
  ],
  ['quantile_over_time', { takes: ['scalar', 'matrix'], returns: 'vector' }],
  ['predict_linear', { takes: ['matrix', 'scalar'], returns: 'vector' }],
  ['histogram_quantile', { takes: ['scalar', 'vector'], returns: 'vector' }],
  ['label_replace', { takes: ['vector', 'string', 'string', 'string', 'string'], returns: 'vector' }],
  ['label_join', { takes: ['vector', 'string', 'string', 'string'], optional: 1, variadic: true, returns: 'vector' }],
];

export const signatures: ReadonlyMap<string, Signature> = new Map(
  table.flatMap(([names, signature]) => names.split(' ').map((name) => [name, signature] as const)),
);
