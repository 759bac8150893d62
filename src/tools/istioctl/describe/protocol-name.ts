// The protocol that Istio reads from a port's name, as istioctl prints it.
const NAMES: Record<string, string> = {
  grpc: 'GRPC',
  'grpc-web': 'GRPC-Web',
  http: 'HTTP',
  http2: 'HTTP2',
  http_proxy: 'HTTP_PROXY',
  https: 'HTTPS',
  mongo: 'Mongo',
  mysql: 'MySQL',
  redis: 'Redis',
  tcp: 'TCP',
  tls: 'TLS',
  udp: 'UDP',
};
const WELL_KNOWN_TCP = new Set([25, 53, 3306, 27017]);

export function protocolName(name: string, appProtocol: string | undefined, port: number): string {
  const written = (appProtocol ?? name).toLowerCase();
  const prefix = written.startsWith('grpc-web') ? 'grpc-web' : (written.split('-')[0] ?? '');
  return NAMES[prefix] ?? (WELL_KNOWN_TCP.has(port) ? 'TCP' : 'UnsupportedProtocol');
}
