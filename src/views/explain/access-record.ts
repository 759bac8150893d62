// What a proxy wrote of one request in its access log, in the text format of Istio or in JSON (istio-hechos §7).

export interface AccessRecord {
  status: number;
  /** As in `UH`, `NR`; '-' when there are none. */
  flags: string;
  /** `address:port` of who answered; undefined when nobody did. */
  upstream?: string;
  /** As in `outbound|9080|v1|reviews.default.svc.cluster.local`; undefined when none was chosen. */
  cluster?: string;
}

/**
 * The record of the request with this id, as its own or in its user agent (a gateway gives every request a new id);
 * undefined when no line is of it. Of several, the last.
 */
export function findRecord(lines: readonly string[], id: string): { line: string; record: AccessRecord } | undefined {
  // Proxies rewrite the first digit of the third group to say whether it is traced.
  const own = new RegExp(`${escaped(id.slice(0, 14))}.${escaped(id.slice(15))}`, 'i');
  for (const line of lines.toReversed()) {
    if (!own.test(line)) continue;
    const record = line.trimStart().startsWith('{') ? fromJson(line) : fromText(line);
    if (record) return { line, record };
  }
  return undefined;
}

function fromJson(line: string): AccessRecord | undefined {
  try {
    const { response_code, response_flags, upstream_host, upstream_cluster } = JSON.parse(line) as Record<
      string,
      unknown
    >;
    return recordOf(Number(response_code), String(response_flags ?? '-'), upstream_host, upstream_cluster);
  } catch {
    return undefined;
  }
}

const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id stands before the authority, the upstream host and its cluster, whatever the version put before them. */
function fromText(line: string): AccessRecord | undefined {
  const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const request = words.findIndex((word) => /^[A-Z]+ \S+ HTTP\//.test(word));
  const at = words.findIndex((word, index) => index > request && REQUEST_ID.test(word));
  if (request === -1 || at === -1) return undefined;
  return recordOf(Number(words[request + 1]), words[request + 2] ?? '-', words[at + 2], words[at + 3]);
}

function recordOf(status: number, flags: string, upstream: unknown, cluster: unknown): AccessRecord | undefined {
  if (!Number.isInteger(status)) return undefined;
  const said = (value: unknown): value is string => typeof value === 'string' && value !== '' && value !== '-';
  return { status, flags, ...(said(upstream) ? { upstream } : {}), ...(said(cluster) ? { cluster } : {}) };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
