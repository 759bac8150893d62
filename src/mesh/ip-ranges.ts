// Addresses and CIDR ranges, of both versions of IP. Whatever is neither is in no range.

/** Whether one of the ranges (`10.0.0.0/8`, or a single address) has the address. */
export function inAnySubnet(address: string, ranges: readonly string[]): boolean {
  const bits = bitsOf(address);
  return bits !== undefined && ranges.some((range) => contains(range, bits));
}

export function isAddress(text: string): boolean {
  return bitsOf(text) !== undefined;
}

function contains(range: string, address: string): boolean {
  const slash = range.indexOf('/');
  const base = bitsOf(slash < 0 ? range : range.slice(0, slash));
  if (base === undefined || base.length !== address.length) return false;
  const length = slash < 0 ? base.length : Number(range.slice(slash + 1));
  if (!Number.isInteger(length) || length < 0 || length > base.length) return false;
  return address.startsWith(base.slice(0, length));
}

/** The address as 32 or 128 zeros and ones. */
function bitsOf(address: string): string | undefined {
  if (address.length > 64) return undefined;
  return address.includes(':') ? bitsOf6(address.replace(/^\[(.*)\]$/, '$1')) : bitsOf4(address);
}

function bitsOf4(address: string): string | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.map((part) => Number(part).toString(2).padStart(8, '0')).join('');
}

function bitsOf6(address: string): string | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}
