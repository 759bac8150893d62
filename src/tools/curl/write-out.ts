// The texts of -w: `%{http_code}` and its like, and the escapes \n, \t, \r.
import type { Transfer } from './transfer.ts';

export interface WriteOutFacts {
  transfer: Transfer | undefined;
  url: string;
  exitCode: number;
  message: string;
}

export function writeOut(format: string, facts: WriteOutFacts): string {
  return format
    .replace(/%header\{([^}]*)\}/g, (_, name: string) => header(facts, name))
    .replace(/%\{([a-z_]+)\}/g, (whole, name: string) => variables[name]?.(facts) ?? whole)
    .replaceAll('%%', '%')
    .replace(/\\([ntr\\])/g, (_, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter);
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(6);
const status = ({ transfer }: WriteOutFacts) => String(transfer?.status ?? 0).padStart(3, '0');

function header({ transfer }: WriteOutFacts, name: string): string {
  return transfer?.headers.find(([n]) => n.toLowerCase() === name.toLowerCase())?.[1] ?? '';
}

const variables: Record<string, (facts: WriteOutFacts) => string> = {
  http_code: status,
  response_code: status,
  content_type: (f) => header(f, 'content-type'),
  exitcode: (f) => String(f.exitCode),
  errormsg: (f) => f.message,
  http_version: (f) => f.transfer?.httpVersion ?? '0',
  method: (f) => f.transfer?.method ?? '',
  num_connects: (f) => String(f.transfer?.connects ?? 0),
  num_headers: (f) => String(f.transfer?.headers.length ?? 0),
  num_redirects: (f) => String(f.transfer?.redirects ?? 0),
  redirect_url: (f) => f.transfer?.redirectUrl ?? '',
  remote_ip: (f) => f.transfer?.remoteAddress ?? '',
  remote_port: (f) => String(f.transfer?.remotePort ?? 0),
  local_ip: (f) => f.transfer?.localAddress ?? '',
  local_port: (f) => String(f.transfer?.localPort ?? 0),
  scheme: (f) => (f.transfer?.url.split(':')[0] ?? '').toUpperCase(),
  size_download: (f) => String(f.transfer?.received ?? 0),
  size_header: (f) => String(f.transfer?.headerBytes ?? 0),
  size_upload: (f) => String(f.transfer?.sent ?? 0),
  speed_download: (f) =>
    String(
      f.transfer && f.transfer.times.total > 0 ? Math.round((f.transfer.received * 1000) / f.transfer.times.total) : 0,
    ),
  ssl_verify_result: () => '0',
  time_appconnect: (f) => seconds(f.transfer?.times.secured ?? 0),
  time_connect: (f) => seconds(f.transfer?.times.connected ?? 0),
  time_namelookup: (f) => seconds(f.transfer?.times.resolved ?? 0),
  time_pretransfer: (f) => seconds(f.transfer?.times.secured || f.transfer?.times.connected || 0),
  time_starttransfer: (f) => seconds(f.transfer?.times.firstByte ?? 0),
  time_total: (f) => seconds(f.transfer?.times.total ?? 0),
  url: (f) => f.url,
  url_effective: (f) => f.transfer?.url ?? f.url,
};
