// Protocols of ports, whatever their case.
const http = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web']);
const tls = new Set(['https', 'tls']);
const others = new Set(['tcp', 'udp', 'mongo', 'redis', 'mysql']);

export const isHttp = (protocol: string): boolean => http.has(protocol.toLowerCase());
export const isTls = (protocol: string): boolean => tls.has(protocol.toLowerCase());
/** Istio's IsTCP: neither HTTP nor UDP. */
export const isTcp = (protocol: string): boolean =>
  isTls(protocol) || (isOther(protocol) && protocol.toLowerCase() !== 'udp');
export const isKnownProtocol = (protocol: string): boolean => isHttp(protocol) || isTls(protocol) || isOther(protocol);

/** None means that it is found out. */
export function protocolProblem(protocol: string): string | undefined {
  return protocol === '' || isKnownProtocol(protocol) ? undefined : `unsupported protocol: ${protocol}`;
}

const isOther = (protocol: string) => others.has(protocol.toLowerCase());
