// What expressions of policies see. An object that is not there is null.
import { toCel } from '../../../cel/values.ts';

export function toCelValue(value: unknown): unknown {
  return value === undefined ? null : toCel(value, undefined);
}
