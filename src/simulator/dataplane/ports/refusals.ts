// What Envoy answers to clients whose request it does not even read to the end: seen on a real gateway.

export interface Refusal {
  status: number;
  body: string;
  details: string;
  flags: readonly string[];
}

export const LOW_VERSION = protocolError(426, 'Upgrade Required', 'low_version');
export const HEADERS_TOO_LARGE = protocolError(431, 'Request Header Fields Too Large', 'http1.headers_too_large');
export const TOO_MANY_HEADERS = protocolError(431, 'Request Header Fields Too Large', 'http1.too_many_headers');
export const BODY_TOO_LARGE = protocolError(413, 'Payload Too Large', 'request_payload_too_large');
export const NO_HOST: Refusal = { status: 400, body: '', details: 'missing_host_header', flags: [] };
export const NO_TUNNEL: Refusal = { status: 404, body: '', details: 'route_not_found', flags: ['NR'] };
const TWO_LENGTHS = protocolError(400, 'Bad Request', 'http1.content_length_and_chunked_not_allowed');
export const NOT_HTTP = protocolError(400, 'Bad Request', 'http1.codec_error');

/** For what Node's parser says. */
export function refusalOf(error: NodeJS.ErrnoException): Refusal {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return HEADERS_TOO_LARGE;
    case 'HPE_INVALID_TRANSFER_ENCODING':
    case 'HPE_UNEXPECTED_CONTENT_LENGTH':
      return TWO_LENGTHS;
    default:
      return NOT_HTTP;
  }
}

function protocolError(status: number, body: string, details: string): Refusal {
  return { status, body, details, flags: ['DPE'] };
}
