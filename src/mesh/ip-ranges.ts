// Whether a host is an address, and in what ranges.
import { inBlock, readBlock } from './security/address-blocks.ts';

/** Whether one of the ranges (`10.0.0.0/8`, or a single address) has the address. */
export function inAnySubnet(address: string, ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    const block = readBlock(range);
    return block !== undefined && inBlock(bare(address), block);
  });
}

export function isAddress(host: string): boolean {
  return !host.includes('/') && readBlock(bare(host)) !== undefined;
}

/** As hosts of URLs, addresses of the sixth version stand in brackets. */
function bare(address: string): string {
  return address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
}
