// Failures as the API server words them: a Kubernetes Status with code, reason and message.

export interface StatusCause {
  reason: string;
  message: string;
  field: string;
}

export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Record<string, unknown> | undefined;
  /** Of the Status itself: how to go on with a list. */
  readonly metadata: { continue?: string };
  constructor(
    code: number,
    reason: string,
    message: string,
    details?: Record<string, unknown>,
    metadata: { continue?: string } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.metadata = metadata;
  }
}

/** `deployments.apps`, as messages name a resource. */
export function qualified(plural: string, group: string): string {
  return group === '' ? plural : `${plural}.${group}`;
}

export const notFound = (resource: string, name: string, details?: Record<string, unknown>): ApiError =>
  new ApiError(404, 'NotFound', `${resource} "${name}" not found`, details);
export const alreadyExists = (resource: string, name: string, details?: Record<string, unknown>): ApiError =>
  new ApiError(409, 'AlreadyExists', `${resource} "${name}" already exists`, details);
export const conflict = (resource: string, name: string, why: string, details?: Record<string, unknown>): ApiError =>
  new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${resource} "${name}": ${why}`, details);
export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);
export const forbidden = (message: string): ApiError => new ApiError(403, 'Forbidden', message);
export const gone = (message: string): ApiError => new ApiError(410, 'Expired', message);
/** Of what is not worth more work: nothing would keep it. The error is etcd's, which the API server passes on without a reason. */
export function tooLargeToStore({ size = 0, dryRun }: { size?: number; dryRun?: boolean }): ApiError | undefined {
  const fits = dryRun || size <= MOST_STORED;
  return fits ? undefined : new ApiError(500, '', 'etcdserver: request is too large');
}

/** etcd's own limit, --max-request-bytes: 1.5 MiB. */
const MOST_STORED = 1.5 * 1024 * 1024;

export function invalid(kind: string, group: string, name: string, causes: StatusCause[]): ApiError {
  // What two parts of the API server say is told once; in the causes it is there twice.
  const texts = [...new Set(causes.map((c) => `${c.field}: ${c.message}`))];
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new ApiError(422, 'Invalid', `${qualified(kind, group)} "${name}" is invalid: ${all}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === '' ? {} : { kind }),
    causes,
  });
}
