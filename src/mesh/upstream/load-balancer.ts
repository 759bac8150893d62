// The loadBalancer block of a policy.
import { fields, present, text } from '../read.ts';
import { type HashPolicy, readHashPolicy } from './hash-policy.ts';
import type { Block } from './traffic-policy.ts';
import type { MeshDefaults } from './upstream-policy.ts';

export type Balance = 'LEAST_REQUEST' | 'ROUND_ROBIN' | 'RANDOM' | 'PASSTHROUGH' | HashPolicy['balance'];

export interface LoadBalancer {
  balance: Balance;
  hash?: HashPolicy;
  /** `localityLbSetting` as written. */
  locality: unknown;
}

export function loadBalancer(block: Block | undefined, mesh: MeshDefaults): LoadBalancer {
  const { simple, consistentHash, localityLbSetting } = fields(block?.value);
  const locality = present(localityLbSetting) ? localityLbSetting : mesh.locality;
  const hash = readHashPolicy(consistentHash);
  if (hash) return { balance: hash.balance, hash, locality };
  const written = text(simple);
  const known = written === 'ROUND_ROBIN' || written === 'RANDOM' || written === 'PASSTHROUGH';
  return { balance: known ? written : 'LEAST_REQUEST', locality };
}
