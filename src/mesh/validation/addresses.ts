// IP addresses and ranges, as Go's netip takes and refuses them.
import { quoted } from './findings.ts';

export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** The complaint of Istio's ValidateIPAddress. */
export function ipAddress(text: string): string | undefined {
  return isIpAddress(text) ? undefined : `${text} is not a valid IP`;
}

/** An address, or a range with exactly one slash. */
export function ipSubnet(text: string): string | undefined {
  if (text.split('/').length !== 2) return ipAddress(text);
  return prefixProblem(text) === undefined ? undefined : `${text} is not a valid CIDR block`;
}

/** What is wrong with an entry of `ipBlocks`. */
export function ipBlock(text: string): string | undefined {
  if (!text.includes('/')) return isIpAddress(text) ? undefined : `bad IP address (${text})`;
  const problem = prefixProblem(text);
  return problem && `bad CIDR range (${text}): netip.ParsePrefix(${quoted(text)}): ${problem}`;
}

function prefixProblem(text: string): string | undefined {
  const slash = text.lastIndexOf('/');
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  if (!isIpAddress(address)) return `ParseAddr(${quoted(address)}): ${addressProblem(address)}`;
  if (address.includes('%')) return 'IPv6 zones cannot be present in a prefix';
  if (!/^(0|[1-9]\d*)$/.test(bits)) return `bad bits after slash: ${quoted(bits)}`;
  return Number(bits) > (address.includes(':') ? 128 : 32) ? 'prefix length out of range' : undefined;
}

function addressProblem(text: string): string {
  const special = /[.:%]/.exec(text)?.[0];
  if (special === '%') return 'missing IPv6 address';
  if (special !== '.') return 'unable to parse IP';
  const bad = /[^\d.]/.exec(text);
  if (bad) return `unexpected character (at ${quoted(text.slice(bad.index))})`;
  const parts = text.split('.');
  if (parts.some((part) => part === '')) return `IPv4 field must have at least one digit (at ${quoted(text)})`;
  if (parts.some((part) => Number(part) > 255)) return 'IPv4 field has value >255';
  if (parts.some((part) => part.length > 1 && part.startsWith('0'))) return 'IPv4 field has octet with leading zero';
  return parts.length < 4 ? 'IPv4 address too short' : 'IPv4 address too long';
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((p) => /^(0|[1-9]\d{0,2})$/.test(p) && Number(p) <= 255);
}

function isIpv6(text: string): boolean {
  const [address = '', zone] = text.split(/%(.*)/s);
  if (zone === '' || !address.includes(':')) return false;
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const embedded = last.includes('.') && isIpv4(last);
  const plain = embedded ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const length = plain.length + (embedded ? 2 : 0);
  return halves.length === 2 ? length < 8 : length === 8;
}
