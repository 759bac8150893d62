// How to delete: from the body, or from the query when there is no body.
import type { DeleteOptions } from '../../contract.ts';
import { ApiError, badRequest, invalid } from '../errors.ts';
import { decodeBody, isMap } from './body.ts';
import type { ResourceRequest } from './context.ts';
import { isDryRun, wholeNumber } from './query-options.ts';

export async function deleteOptions(r: ResourceRequest): Promise<DeleteOptions> {
  const { query } = r.request;
  const body = await decoded(r);
  if (isMap(body) && typeof body.kind === 'string' && body.kind !== 'DeleteOptions')
    throw serverFailure(
      `no kind ${JSON.stringify(body.kind)} is registered for version ${JSON.stringify(body.apiVersion ?? '')} in scheme "pkg/runtime/scheme.go:110"`,
    );
  if (body !== undefined && !isMap(body)) throw badRequest('the delete options are not an object');
  const given = body ?? {
    gracePeriodSeconds: wholeNumber(query, 'gracePeriodSeconds'),
    propagationPolicy: query.get('propagationPolicy') || undefined,
    orphanDependents: query.get('orphanDependents') === 'true' ? true : undefined,
  };
  const dryRun = isDryRun([...query.getAll('dryRun'), ...texts(given.dryRun)], 'DeleteOptions');
  const grace = given.gracePeriodSeconds;
  if (grace !== undefined && grace !== null && !Number.isInteger(grace)) {
    throw badRequest('gracePeriodSeconds must be a whole number');
  }
  const policy = propagation(given);
  return {
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    ...(policy ? { propagationPolicy: policy } : {}),
    ...(isMap(given.preconditions) ? { preconditions: preconditions(given.preconditions) } : {}),
    ...(dryRun ? { dryRun } : {}),
  };
}

async function decoded(r: ResourceRequest): Promise<unknown> {
  try {
    return await decodeBody(r.request);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw serverFailure(`couldn't get version/kind; json parse error: ${error.message}`);
  }
}

/** The real server has no better code for options that it cannot read. */
function serverFailure(message: string): ApiError {
  return new ApiError(500, '', message);
}

function propagation(given: Record<string, unknown>): DeleteOptions['propagationPolicy'] {
  const policy = given.propagationPolicy;
  if (typeof given.orphanDependents === 'boolean' && policy !== undefined && policy !== null)
    throw invalid('DeleteOptions', 'meta.k8s.io', '', [
      {
        reason: 'FieldValueInvalid',
        field: 'propagationPolicy',
        message: `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set`,
      },
    ]);
  if (given.orphanDependents === true) return 'Orphan';
  if (policy === undefined || policy === null) return undefined;
  if (policy === 'Background' || policy === 'Foreground' || policy === 'Orphan') return policy;
  throw invalid('DeleteOptions', 'meta.k8s.io', '', [
    {
      reason: 'FieldValueNotSupported',
      field: 'propagationPolicy',
      message: `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"`,
    },
  ]);
}

function preconditions({ uid, resourceVersion }: Record<string, unknown>): NonNullable<DeleteOptions['preconditions']> {
  return {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
