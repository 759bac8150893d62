// How to delete: from the body, or from the query when there is no body.
import type { DeleteOptions } from '../../contract.ts';
import { badRequest, invalid } from '../errors.ts';
import { decodeBody, isMap } from './body.ts';
import type { ResourceRequest } from './context.ts';
import { isDryRun, wholeNumber } from './query-options.ts';
import { decodedObject } from './received.ts';

export async function deleteOptions(r: ResourceRequest): Promise<DeleteOptions> {
  const { query } = r.request;
  const body = await decodedObject(r, decodeBody);
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

function propagation(given: Record<string, unknown>): DeleteOptions['propagationPolicy'] {
  if (given.orphanDependents === true) return 'Orphan';
  const policy = given.propagationPolicy;
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
