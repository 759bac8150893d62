// The query parameters that several verbs share.
import type { WriteOptions } from '../../contract.ts';
import { ApiError, badRequest, invalid } from '../errors.ts';
import { checkEscalation, type Writer } from '../rbac/escalation.ts';
import { isAllowed } from './authorize.ts';
import type { ResourceRequest } from './context.ts';
import type { ApiRequest } from './request.ts';

type Validation = NonNullable<WriteOptions['fieldValidation']>;

/** Of create, update, patch and apply. `options` is the name of its options kind, for messages. */
export function writeOptions(
  r: ResourceRequest,
  options: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
): WriteOptions {
  const { query } = r.request;
  const validation = query.get('fieldValidation') || 'Warn';
  if (!isValidation(validation)) {
    throw unsupported(options, 'fieldValidation', `"${validation}"`, '"", "Ignore", "Strict", "Warn"');
  }
  return {
    dryRun: isDryRun(query.getAll('dryRun'), options),
    fieldManager: fieldManager(r.request, options),
    size: r.request.body.length,
    fieldValidation: validation,
    warn: r.warn,
    approve: (object, previous) => checkEscalation(r.kind, object, previous, writerOf(r)),
  };
}

function writerOf({ context: { registry }, request: { user }, kind }: ResourceRequest): Writer {
  return {
    registry,
    user,
    may: (verb, resource, namespace, name) =>
      isAllowed(registry, user, { verb, group: kind.group, resource, namespace, name }),
  };
}

export function isDryRun(values: string[], options: string): boolean {
  if (values.length === 0 || values.every((v) => v === '')) return false;
  const wrong = values.filter((v) => v !== 'All');
  if (wrong.length > 0) throw unsupported(options, 'dryRun', `[${wrong.map((v) => `"${v}"`).join(',')}]`, '"All"');
  return true;
}

/** The parameter, else the program's name at the head of User-Agent. */
export function fieldManager({ query, headers }: ApiRequest, options: string): string {
  const asked = query.get('fieldManager');
  if (asked !== null && asked.length > 128) {
    const message = 'Too long: may not be more than 128 bytes';
    throw invalid(options, 'meta.k8s.io', '', [{ reason: 'FieldValueTooLong', message, field: 'fieldManager' }]);
  }
  return asked || (headers['user-agent'] ?? '').split('/')[0]?.slice(0, 128) || 'unknown';
}

/** Undefined when absent or empty. Throws 400 unless it is a whole number. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d{1,18}$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

/** True for anything but `0` and `false`, even for nothing after the equals sign, as the API server reads it. */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text !== null && !['0', 'false'].includes(text.toLowerCase());
}

/** `resourceVersion` of a list or watch; undefined for none. */
export function resourceVersion(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion');
  if (text === null || text === '') return undefined;
  if (!/^\d{1,18}$/.test(text)) {
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  return Number(text);
}

/** Throws what tells clients to come back later, when the version asked for is not there yet. */
export function checkNotTooLarge(asked: number | undefined, current: number): void {
  if (asked === undefined || asked <= current) return;
  throw new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

function isValidation(text: string): text is Validation {
  return text === 'Ignore' || text === 'Warn' || text === 'Strict';
}

function unsupported(options: string, field: string, value: string, supported: string): ApiError {
  const message = `Unsupported value: ${value}: supported values: ${supported}`;
  return invalid(options, 'meta.k8s.io', '', [{ reason: 'FieldValueNotSupported', message, field }]);
}
