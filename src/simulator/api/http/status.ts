// The Status objects that answer a failed request, and deletions.
import { ApiError } from '../errors.ts';
import { type ApiReply, jsonReply, textReply } from './request.ts';

export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: Record<string, unknown>;
  code?: number;
}

export function failureStatus(error: ApiError): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: error.metadata,
    status: 'Failure',
    message: error.message,
    ...(error.reason ? { reason: error.reason } : {}),
    ...(error.details ? { details: error.details } : {}),
    code: error.code,
  };
}

export function successStatus(details: Record<string, unknown>): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** An answer that is no part of the API: Go's own words, and no Status. */
export class PlainFailure extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

export const pageNotFound = (): PlainFailure => new PlainFailure(404, '404 page not found\n');
/** Of an address that cannot be read: refused before anybody looks at it. */
export const badAddress = (): PlainFailure => new PlainFailure(400, '400 Bad Request');

/** Any error as its answer. What is not an ApiError is a bug of ours: `onBug` hears of it. */
export function failureReply(error: unknown, onBug: (error: unknown) => void): ApiReply {
  if (error instanceof ApiError) {
    const retry = error.details?.retryAfterSeconds;
    const headers: ApiReply['headers'] = {};
    if (typeof retry === 'number') headers['retry-after'] = String(retry);
    if (error.code === 401) headers['www-authenticate'] = 'Bearer';
    return jsonReply(failureStatus(error), error.code, headers);
  }
  if (error instanceof PlainFailure) return textReply(error.message, error.code);
  onBug(error);
  const message = `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`;
  return jsonReply(failureStatus(new ApiError(500, 'InternalError', message)), 500);
}

export const resourceNotFound = (): ApiError =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
export const methodNotAllowed = (): ApiError =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
export const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized', 'Unauthorized');
export const tooLarge = (limit: number): ApiError =>
  new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
export const bodyTooSlow = (milliseconds: number): ApiError =>
  new ApiError(408, 'Timeout', `Timeout: the body of the request did not arrive within ${milliseconds / 1000}s`);
export const unsupportedMediaType = (accepted: readonly string[]): ApiError =>
  new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
