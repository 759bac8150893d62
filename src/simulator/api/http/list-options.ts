// The parameters of a list or a watch that exclude each other.
import { invalid, type StatusCause } from '../errors.ts';

/** Throws 422 with all that is wrong. */
export function checkListOptions(query: URLSearchParams): void {
  refuse([
    ...matchOfList(query),
    ...(query.has('sendInitialEvents')
      ? [forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list')]
      : []),
  ]);
}

/** Throws 422 with all that is wrong. */
export function checkWatchOptions(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const initial = query.has('sendInitialEvents');
  const causes: StatusCause[] = [];
  if (initial && match !== 'NotOlderThan')
    causes.push(
      forbidden('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'),
    );
  if (match !== '') {
    if (!initial)
      causes.push(
        forbidden(
          'resourceVersionMatch',
          'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
        ),
      );
    if (match !== 'NotOlderThan') causes.push(unsupported(match, '"NotOlderThan"'));
    causes.push(...withContinue(query));
  }
  refuse(causes);
}

function matchOfList(query: URLSearchParams): StatusCause[] {
  const match = query.get('resourceVersionMatch') ?? '';
  if (match === '') return [];
  const version = query.get('resourceVersion') ?? '';
  return [
    ...(version === ''
      ? [forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided')]
      : []),
    ...withContinue(query),
    ...(match === 'Exact' || match === 'NotOlderThan' ? [] : [unsupported(match, '"Exact", "NotOlderThan", ""')]),
    ...(match === 'Exact' && version === '0'
      ? [forbidden('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')]
      : []),
  ];
}

function withContinue(query: URLSearchParams): StatusCause[] {
  return query.get('continue')
    ? [forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided')]
    : [];
}

function forbidden(field: string, detail: string): StatusCause {
  return { reason: 'FieldValueForbidden', field, message: `Forbidden: ${detail}` };
}

function unsupported(match: string, supported: string): StatusCause {
  return {
    reason: 'FieldValueNotSupported',
    field: 'resourceVersionMatch',
    message: `Unsupported value: ${JSON.stringify(match)}: supported values: ${supported}`,
  };
}

function refuse(causes: StatusCause[]): void {
  if (causes.length > 0) throw invalid('ListOptions', 'meta.k8s.io', '', causes);
}
