// The certificate that an agent has of istiod for its proxy. Made when it is first asked for, and anew when half of its
// day is over or the authority is another one.
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, text } from '../../../mesh/read.ts';
import type { Registry } from '../../contract.ts';
import { authorityOf, issue } from '../mesh-certificates.ts';

const HALF_A_DAY = 43_200_000;

export interface WorkloadCertificate {
  /** PEM, the authority's certificate behind the workload's own. */
  chain: string;
  root: string;
  issuedAt: number;
  identity: string;
}

/** Undefined while there is no authority. */
export function certificateSource(
  pod: KubeObject,
  api: Pick<Registry, 'get'> | undefined,
  now: () => number,
): () => WorkloadCertificate | undefined {
  const account = text(fields(pod.spec).serviceAccountName) ?? 'default';
  const identity = `spiffe://cluster.local/ns/${pod.metadata.namespace ?? 'default'}/sa/${account}`;
  let known: WorkloadCertificate | undefined;
  return () => {
    const authority = authorityOf(api, 'istio-system');
    if (!authority) return undefined;
    const time = now();
    if (known?.root === authority.certificate && time - known.issuedAt < HALF_A_DAY) return known;
    const { certificate } = issue({ commonName: '', use: 'client', uris: [identity] }, time, authority);
    known = { chain: certificate + authority.certificate, root: authority.certificate, issuedAt: time, identity };
    return known;
  };
}
