/** Addresses of one node's pod range, handed out in rising order and again only after they came back. */
export interface AddressPool {
  /** Undefined when the range is used up. */
  take(): string | undefined;
  reserve(address: string): void;
  release(address: string): void;
}

/** The network address, the bridge's (.1) and the broadcast address are nobody's. */
export function createAddressPool(cidr: string): AddressPool {
  const [base = '', bits = '24'] = cidr.split('/');
  const first = toNumber(base) + 2;
  const last = toNumber(base) + 2 ** (32 - Number(bits)) - 2;
  const taken = new Set<number>();
  let next = first;

  return {
    take() {
      for (let tries = last - first; tries >= 0; tries--) {
        const candidate = next;
        next = next === last ? first : next + 1;
        if (taken.has(candidate)) continue;
        taken.add(candidate);
        return toText(candidate);
      }
      return undefined;
    },
    reserve(address) {
      const number = toNumber(address);
      taken.add(number);
      if (number >= next && number < last) next = number + 1;
    },
    release(address) {
      taken.delete(toNumber(address));
    },
  };
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
