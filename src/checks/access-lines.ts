// Lines of an access log: which they are, and which request each is of (istio-hechos §7).

/** Text format begins with the time in brackets; the JSON one is an object that has a request id or a status. */
const textLine = /^\[\d{4}-\d\d-\d\dT[\d:.]+Z?\] "/;
const jsonLine = /^\{.*"(?:response_code|start_time)"/;
const requestId = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

export function isAccessLine(line: string): boolean {
  return textLine.test(line) || jsonLine.test(line);
}

/** Ids of requests in a line. Proxies rewrite the first digit of the third group to say whether it is traced. */
export function requestIds(line: string): string[] {
  return [...line.matchAll(requestId)].map(([id]) => plainId(id));
}

export function plainId(id: string): string {
  return `${id.slice(0, 14)}_${id.slice(15)}`.toLowerCase();
}
