import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import { equal } from './equal.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { Service } from './kinds.ts';
import { keyOf, splitKey } from './pods.ts';
import { createWorkQueue } from './work-queue.ts';

const POOLS = 'metallb.io/ipaddresspools';
const FROM_POOL = 'metallb.io/ip-allocated-from-pool';
const WANTED_POOL = 'metallb.io/address-pool';
const WANTED_ADDRESSES = 'metallb.io/loadBalancerIPs';
/** No pool is looked through further than this. */
const MOST = 65_536;

type Pool = KubeObject<{ addresses?: string[]; autoAssign?: boolean }>;
type Balanced = KubeObject<
  Service['spec'] & { loadBalancerIP?: string },
  { loadBalancer?: { ingress?: { ip: string; ipMode?: string }[] } }
>;

/** Gives Services of type LoadBalancer an address of MetalLB's pools; without a pool they wait, as on any bare cluster. */
export function startLoadBalancers(registry: Registry, clock: Clock): () => void {
  const record = createEventRecorder(registry, clock, { component: 'metallb-controller' });
  const queue = createWorkQueue(clock, 'load balancer', sync);
  const all = () => {
    for (const service of registry.list('services') as Balanced[])
      if (service.spec?.type === 'LoadBalancer') queue.add(keyOf(service));
  };
  const stops = [
    registry.watch('services', ({ type, object, previous }) => {
      const concerned = [object, previous].some((s) => (s as Balanced | undefined)?.spec?.type === 'LoadBalancer');
      if (type === 'DELETED' && concerned) all();
      else if (concerned) queue.add(keyOf(object));
    }),
    registry.watch(POOLS, all),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.stop();
  };

  function sync(key: string) {
    const service = registry.get('services', ...splitKey(key)) as Balanced | undefined;
    if (!service || service.metadata.deletionTimestamp) return;
    const pools = registry.list(POOLS) as Pool[];
    const current = service.status?.loadBalancer?.ingress?.[0]?.ip;
    const from = service.metadata.annotations?.[FROM_POOL];
    // An address that somebody else's balancer gave is left alone.
    if (current !== undefined && from === undefined) return;
    if (service.spec?.type !== 'LoadBalancer' || pools.length === 0) return assign(service, undefined);
    const kept = pools.find((pool) => pool.metadata.name === from);
    if (current !== undefined && kept && addressesOf(kept).has(current)) return;
    const found = choose(service, pools);
    if (found) assign(service, found);
    else {
      assign(service, undefined);
      record(service, 'Warning', 'AllocationFailed', `Failed to allocate IP for "${key}": no available IPs`);
    }
  }

  function choose({ metadata, spec }: Balanced, pools: Pool[]): { ip: string; pool: string } | undefined {
    const taken = new Set(
      (registry.list('services') as Balanced[])
        .filter((other) => other.metadata.uid !== metadata.uid)
        .flatMap((other) => (other.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip)),
    );
    const asked = metadata.annotations?.[WANTED_ADDRESSES] ?? spec?.loadBalancerIP;
    const named = metadata.annotations?.[WANTED_POOL];
    for (const pool of pools) {
      if (named === undefined ? pool.spec?.autoAssign === false && !asked : pool.metadata.name !== named) continue;
      for (const ip of addressesOf(pool))
        if (!taken.has(ip) && (!asked || asked === ip)) return { ip, pool: pool.metadata.name };
    }
    return undefined;
  }

  function assign(service: Balanced, found: { ip: string; pool: string } | undefined) {
    const { namespace, name, annotations = {} } = service.metadata;
    const ingress = found && [{ ip: found.ip, ipMode: 'VIP' }];
    if (equal(ingress, service.status?.loadBalancer?.ingress)) return;
    if (annotations[FROM_POOL] !== found?.pool)
      registry.edit('services', namespace, name, (copy) => {
        const { [FROM_POOL]: _before, ...rest } = copy.metadata.annotations ?? {};
        copy.metadata.annotations = found ? { ...rest, [FROM_POOL]: found.pool } : rest;
      });
    const write = (copy: KubeObject) => {
      copy.status = { ...(copy as Balanced).status, loadBalancer: ingress ? { ingress } : {} };
    };
    registry.edit('services', namespace, name, write, { subresource: 'status' });
    if (found) record(service, 'Normal', 'IPAllocated', `Assigned IP ["${found.ip}"]`);
  }
}

/** Of `192.168.56.240-192.168.56.250` and `192.168.56.240/28`, one after another; nothing of what is neither. */
function addressesOf({ spec }: Pool): Set<string> {
  const addresses = new Set<string>();
  for (const range of Array.isArray(spec?.addresses) ? spec.addresses : []) {
    const [first, last] = boundsOf(String(range)) ?? [];
    if (first === undefined || last === undefined) continue;
    for (let n = first; n <= last && addresses.size < MOST; n++) addresses.add(textOf(n));
  }
  return addresses;
}

function boundsOf(range: string): [number, number] | undefined {
  const [, base = '', bits] = /^([\d.]+)\/(\d{1,2})$/.exec(range) ?? [];
  if (bits !== undefined) {
    const start = numberOf(base);
    const size = 2 ** (32 - Number(bits));
    return start === undefined || Number(bits) > 32
      ? undefined
      : [start - (start % size), start - (start % size) + size - 1];
  }
  const [from = '', to = from] = range.split('-').map((part) => part.trim());
  const [first, last] = [numberOf(from), numberOf(to)];
  return first === undefined || last === undefined ? undefined : [first, last];
}

function numberOf(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function textOf(n: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
}
