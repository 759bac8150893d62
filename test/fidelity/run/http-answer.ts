// What curl -i printed, as an answer.

export const statusMark = '~~fid~~';
/** For curl's -w. */
export const writeOut = `\\n${statusMark}%{http_code} %{time_total}`;

export interface HttpAnswer {
  status: number;
  ms: number;
  headers: Record<string, string>;
  body: string;
}

export function readAnswer(stdout: string): HttpAnswer {
  const at = stdout.lastIndexOf(`\n${statusMark}`);
  const text = at < 0 ? stdout : stdout.slice(0, at);
  const [code = '0', seconds = '0'] = at < 0 ? [] : stdout.slice(at + statusMark.length + 1).split(/\s+/);
  const { headers, body } = split(text);
  return { status: Number(code), ms: Math.round(Number(seconds.replace(',', '.')) * 1000), headers, body };
}

function split(text: string): { headers: Record<string, string>; body: string } {
  if (!text.startsWith('HTTP/')) return { headers: {}, body: text };
  const end = /\r?\n\r?\n/.exec(text);
  const head = end ? text.slice(0, end.index) : text;
  const body = end ? text.slice(end.index + end[0].length) : '';
  // 100 Continue comes before the answer itself.
  if (/^HTTP\/\S+ 1\d\d/.test(head)) return split(body);
  const headers: Record<string, string> = {};
  for (const line of head.split(/\r?\n/).slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return { headers, body };
}
