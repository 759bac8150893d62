// Which server and which location take a request, by nginx's rules.
import { RE2JS } from 're2js';
import type { Location, NginxServer, Scope } from './servers.ts';

/** By the name in Host: exact, then `*.suffix`, then `prefix.*`, then expressions; else the port's default server. */
export function chooseServer(servers: readonly NginxServer[], port: number, host: string): NginxServer | undefined {
  const here = servers.filter((s) => s.ports.some((p) => p.port === port));
  const byRank = [exact, suffix, prefix, expression].flatMap((matches) => {
    const found = here.find((s) => s.names.some((name) => matches(name.toLowerCase(), host)));
    return found ? [found] : [];
  });
  return byRank[0] ?? here.find((s) => s.ports.some((p) => p.port === port && p.isDefault)) ?? here[0];
}

/** Exact; else the longest prefix, unless an expression takes it first. */
export function chooseLocation({ locations }: NginxServer, path: string): Location | undefined {
  const whole = locations.find((l) => l.kind === 'exact' && l.path === path);
  if (whole) return whole;
  const longest = locations
    .filter((l) => (l.kind === 'prefix' || l.kind === 'first-prefix') && path.startsWith(l.path))
    .reduce<Location | undefined>((best, l) => (best && best.path.length >= l.path.length ? best : l), undefined);
  if (longest?.kind === 'first-prefix') return longest;
  return locations.find((l) => l.expression?.matcher(path).find()) ?? longest;
}

export function scopeFor(server: NginxServer, location: Location | undefined): Scope {
  const scope = location?.scope ?? server.base;
  // A `return` of the server comes before any location.
  return server.base.reply ? { ...scope, reply: server.base.reply } : scope;
}

const exact = (name: string, host: string): boolean => name === host;
const suffix = (name: string, host: string): boolean =>
  (name.startsWith('*.') && host.endsWith(name.slice(1))) ||
  (name.startsWith('.') && (host === name.slice(1) || host.endsWith(name)));
const prefix = (name: string, host: string): boolean => name.endsWith('.*') && host.startsWith(name.slice(0, -1));

function expression(name: string, host: string): boolean {
  if (!name.startsWith('~')) return false;
  try {
    return RE2JS.compile(name.slice(1)).matcher(host).find();
  } catch {
    return false;
  }
}
