// A request by a curl that runs somewhere else: its arguments, and what its output says.

export interface CurlRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

/** `no-curl`: there is no such program where it was to run. */
export type CurlFailure = 'refused' | 'dns' | 'timeout' | 'reset' | 'other' | 'no-curl';

export interface CurlAnswer {
  /** 0 when there was no HTTP answer. */
  status: number;
  body: string;
  failure?: CurlFailure;
  /** curl's own words. */
  message: string;
  exitCode: number;
}

/** Seconds, for the whole request. */
const patience = 10;

/** The words of a command line: nothing of it is for a shell. */
export function curlCommand({ url, method, headers, body }: CurlRequest): string[] {
  return [
    'curl',
    '-sS',
    // Brackets and braces are as they are written.
    '-g',
    '--max-time',
    String(patience),
    '-w',
    String.raw`\n%{http_code}`,
    ...(method === 'HEAD' ? ['-I'] : ['-X', method]),
    // curl takes an empty header by a semicolon.
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', value === '' ? `${name};` : `${name}: ${value}`]),
    ...(body === undefined ? [] : ['--data-raw', body]),
    url,
  ];
}

export function readCurl({
  exitCode,
  stdout,
  stderr,
}: {
  exitCode: number;
  stdout: string;
  stderr: string;
}): CurlAnswer {
  const end = stdout.lastIndexOf('\n');
  const status = Number(stdout.slice(end + 1)) || 0;
  const body = stdout.slice(0, Math.max(end, 0));
  const failure = exitCode === 0 && status > 0 ? undefined : (failures[exitCode] ?? 'other');
  return { status: failure ? 0 : status, body, message: stderr.trim(), exitCode, ...(failure && { failure }) };
}

/** A TLS handshake that is cut (35), an empty answer (52) and a reset (56) are one thing seen at three moments. */
const failures: Record<number, CurlFailure> = {
  6: 'dns',
  7: 'refused',
  28: 'timeout',
  35: 'reset',
  52: 'reset',
  56: 'reset',
  126: 'no-curl',
  127: 'no-curl',
};
