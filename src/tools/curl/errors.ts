// curl's exit codes and the words it prints with them.

export class CurlError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Attempt {
  host: string;
  port: number;
  /** Milliseconds since the transfer began. */
  elapsed: number;
  connected: boolean;
  /** Body bytes so far, headers not counted. */
  received: number;
  answered: boolean;
}

const tlsCodes = /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT)/;

export function fromSystemError(error: NodeJS.ErrnoException, attempt: Attempt): CurlError {
  const { host, port, elapsed, connected, answered } = attempt;
  const code = error.code ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new CurlError(6, `Could not resolve host: ${host}`);
  if (tlsCodes.test(code)) return new CurlError(60, `SSL certificate problem: ${certificateProblem(code, error)}`);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return new CurlError(35, 'OpenSSL: error:0A00010B:SSL routines::wrong version number');
  if (/before secure TLS connection/.test(error.message))
    return new CurlError(35, `OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to ${host}:${port} `);
  if (!connected)
    return new CurlError(
      7,
      `Failed to connect to ${host} port ${port} after ${elapsed} ms: Couldn't connect to server`,
    );
  if (code === 'HPE_INVALID_CONSTANT') return new CurlError(1, 'Received HTTP/0.9 when not allowed');
  if (answered) return new CurlError(18, 'transfer closed with outstanding read data remaining');
  // Node says the same of a connection that was closed and of one that was reset; the text tells them apart.
  if (code === 'ECONNRESET' && /socket hang up/.test(error.message))
    return new CurlError(52, 'Empty reply from server');
  return new CurlError(56, 'Recv failure: Connection reset by peer');
}

export function timedOut({ host, port, elapsed, connected, received }: Attempt): CurlError {
  if (!connected)
    return new CurlError(28, `Failed to connect to ${host} port ${port} after ${elapsed} ms: Timeout was reached`);
  return new CurlError(28, `Operation timed out after ${elapsed} milliseconds with ${received} bytes received`);
}

function certificateProblem(code: string, error: Error): string {
  const known: Record<string, string> = {
    DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
    SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to get local issuer certificate',
    CERT_HAS_EXPIRED: 'certificate has expired',
  };
  return known[code] ?? error.message;
}
