// A selector of labels.
import { isMap } from '../patch-merge.ts';
import { checkLabels, complain } from './metadata.ts';
import { labelValueRule, qualifiedName } from './names.ts';
import type { Problems } from './problems.ts';

/** Whether it could be read at all. */
export function checkSelector(selector: unknown, problems: Problems): boolean {
  if (!isMap(selector)) return true;
  checkLabels(selector.matchLabels, problems.at('matchLabels'));
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions.filter(isMap) : [];
  let readable = true;
  expressions.forEach(({ key, operator, values }, i) => {
    const at = problems.at('matchExpressions', i);
    const given = Array.isArray(values) ? values.map(String) : [];
    if (operator === 'In' || operator === 'NotIn') {
      if (given.length === 0) at.at('values').required("must be specified when `operator` is 'In' or 'NotIn'");
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (given.length > 0)
        at.at('values').forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else {
      at.at('operator').invalid(operator ?? '', 'not a valid selector operator');
      readable = false;
    }
    complain(at.at('key'), key ?? '', qualifiedName(String(key ?? '')));
    given.forEach((value, n) => {
      complain(at.at('values', n), value, labelValueRule(value));
    });
  });
  return readable;
}
