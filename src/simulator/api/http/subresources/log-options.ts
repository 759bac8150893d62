// What of a log is asked for, and whether that can be.
import { badRequest, invalid, type StatusCause } from '../../errors.ts';
import { wholeNumber } from '../query-options.ts';

/** Throws 400 for what cannot be read and 422 for what makes no sense. */
export function checkLogOptions(query: URLSearchParams, pod: string): void {
  const time = query.get('sinceTime') ?? '';
  if (time !== '' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(time))
    throw badRequest(
      `parsing time ${JSON.stringify(time)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(time)} as "2006"`,
    );
  const [tail, seconds, bytes] = ['tailLines', 'sinceSeconds', 'limitBytes'].map((name) => wholeNumber(query, name));
  const causes: StatusCause[] = [];
  const low = (field: string, value: number, least: string): void =>
    void causes.push({ reason: 'FieldValueInvalid', field, message: `Invalid value: ${value}: must be ${least}` });
  if (tail !== undefined && tail < 0) low('tailLines', tail, 'greater than or equal to 0');
  if (bytes !== undefined && bytes < 1) low('limitBytes', bytes, 'greater than 0');
  if (seconds !== undefined && time !== '') {
    const message = 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified';
    causes.push({ reason: 'FieldValueForbidden', field: '[]', message });
  } else if (seconds !== undefined && seconds < 1) low('sinceSeconds', seconds, 'greater than 0');
  if (causes.length > 0) throw invalid('PodLogOptions', '', pod, causes);
}
