import { invalid } from '../../errors.ts';
import { isMap } from '../body.ts';
import { existing } from '../objects.ts';
import { decodedObject } from '../received.ts';
import { dataReply } from '../represent.ts';
import { ofCore, type Subresource } from './subresource.ts';

const audience = 'https://kubernetes.default.svc.cluster.local';

/** `kubectl create token`. */
export const token: Subresource = {
  name: 'token',
  of: ofCore('serviceaccounts'),
  answers: () => ({ group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }),
  async create(r) {
    const body = await decodedObject(r);
    const spec = isMap(body) && isMap(body.spec) ? body.spec : {};
    const seconds = spec.expirationSeconds ?? 3600;
    if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 600 || seconds > 2 ** 32) {
      const message = `Invalid value: ${JSON.stringify(seconds)}: may not specify a duration less than 10 minutes`;
      throw invalid('TokenRequest', 'authentication.k8s.io', '', [
        { reason: 'FieldValueInvalid', field: 'spec.expirationSeconds', message },
      ]);
    }
    const asked = Array.isArray(spec.audiences) ? spec.audiences.map(String) : [];
    const audiences = asked.length > 0 ? asked : [audience];
    const account = existing(r);
    const expires = r.context.clock.now() + seconds * 1000;
    return dataReply(
      r,
      {
        kind: 'TokenRequest',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { name: account.metadata.name, namespace: account.metadata.namespace, creationTimestamp: null },
        spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
        status: {
          token: r.context.serviceAccountToken(account, audiences, expires),
          expirationTimestamp: new Date(expires).toISOString().replace(/\.\d+Z$/, 'Z'),
        },
      },
      201,
    );
  },
};
