// Address blocks: `10.0.0.0/8`, `2001:db8::/32`, or one address.

export interface AddressBlock {
  bits: bigint;
  /** 32 or 128. */
  size: number;
  prefix: number;
}

/** Undefined when it is no address. */
export function readBlock(text: string): AddressBlock | undefined {
  const [address = '', length] = text.split('/');
  const value = readAddress(address);
  if (!value) return undefined;
  const prefix = length === undefined ? value.size : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > value.size) return undefined;
  return { ...value, prefix };
}

export function inBlock(address: string, { bits, size, prefix }: AddressBlock): boolean {
  const value = readAddress(address);
  if (!value || value.size !== size) return false;
  const rest = BigInt(size - prefix);
  return value.bits >> rest === bits >> rest;
}

function readAddress(text: string): { bits: bigint; size: number } | undefined {
  return text.includes(':') ? readV6(text) : readV4(text);
}

function readV4(text: string): { bits: bigint; size: number } | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) <= 255)) return undefined;
  return { bits: parts.reduce((sum, part) => (sum << 8n) + BigInt(part), 0n), size: 32 };
}

function readV6(text: string): { bits: bigint; size: number } | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...tail];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { bits: all.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n), size: 128 };
}
