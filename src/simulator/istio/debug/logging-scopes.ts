// Port 9876 of istiod (ControlZ): the levels of its own log, which `istioctl admin log` shows and sets.
import type { HttpReply, HttpRequest } from '../../contract.ts';

export interface LoggingScope {
  name: string;
  description: string;
  output_level: string;
  stack_trace_level: string;
  log_callers: boolean;
}

/** Answers /scopej: the list, one scope, or a change of one. */
export function createScopesPort(): (request: HttpRequest) => HttpReply {
  const scopes = new Map<string, LoggingScope>(
    Object.entries(descriptions).map(([name, description]) => [
      name,
      // The log of the gRPC library is off unless somebody asks for it.
      {
        name,
        description,
        output_level: name === 'grpc' ? 'none' : 'info',
        stack_trace_level: 'none',
        log_callers: false,
      },
    ]),
  );
  return ({ method, path, body }) => {
    const match = /^\/scopej\/?([\w.-]*)(?:\?.*)?$/.exec(path);
    if (!match) return reply(404, { error: 'not found' });
    const name = match[1] ?? '';
    if (name === '') return reply(200, [...scopes.values()]);
    const scope = scopes.get(name);
    if (!scope) return reply(404, { error: `unknown scope name: ${name}` });
    if (method === 'GET') return reply(200, scope);
    const change = readChange(body);
    if (!change) return reply(400, { error: 'unable to decode request' });
    scopes.set(name, { ...scope, ...change });
    return reply(202, undefined);
  };
}

const LEVELS = new Set(['none', 'error', 'warn', 'info', 'debug', 'fatal']);

function readChange(body: HttpRequest['body']): Partial<LoggingScope> | undefined {
  try {
    const given = JSON.parse(Buffer.from(body ?? '').toString()) as Partial<Record<keyof LoggingScope, unknown>> | null;
    const change: Partial<LoggingScope> = {};
    for (const key of ['output_level', 'stack_trace_level'] as const) {
      const level = given?.[key];
      if (typeof level === 'string' && LEVELS.has(level)) change[key] = level;
    }
    if (typeof given?.log_callers === 'boolean') change.log_callers = given.log_callers;
    return change;
  } catch {
    return undefined;
  }
}

function reply(status: number, value: unknown): HttpReply {
  const body = value === undefined ? '' : JSON.stringify(value);
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

const descriptions: Record<string, string> = {
  ads: 'ads debugging',
  adsc: 'adsc debugging',
  analysis: 'Scope for configuration analysis runtime',
  authn: 'authn debugging',
  authorization: 'Istio Authorization Policy',
  ca: 'ca client',
  controllers: 'common controller logic',
  default: 'Unscoped logging messages.',
  delta: 'delta xds debugging',
  deltaadsc: 'delta adsc debugging',
  file: 'File client messages',
  gateway: 'gateway-api controller',
  gatewaycommon: 'gatewaycommon controller',
  grpc: 'logs from gRPC',
  grpcgen: 'xDS Generator for Proxyless gRPC',
  'ip-autoallocate': 'IP autoallocate controller',
  klog: '',
  krt: '',
  kube: 'Kubernetes client messages',
  model: 'model',
  monitoring: 'metrics monitoring',
  pkica: 'Citadel CA log',
  pkira: 'Istiod RA log',
  probes: 'Status of forwarded application probes',
  processing: 'Scope for configuration processing runtime',
  push: 'logs details about why Istio is triggering a push',
  retry: 'logs for retries',
  rootcertrotator: 'Self-signed CA root cert rotator log',
  secretcontroller: 'Citadel kubernetes controller log',
  security: 'security debugging',
  serverca: 'Citadel server log',
  serviceentry: 'ServiceEntry registry',
  spiffe: 'SPIFFE library logging',
  status: 'status reporting',
  'tag-watcher': 'Revision tags watcher',
  trustBundle: 'Workload mTLS trust bundle logs',
  untaint: 'CNI node-untaint controller',
  validation: 'CRD validation debugging',
  validationController: 'validation webhook controller',
  validationServer: 'validation webhook server',
  wle: 'wle controller debugging',
};
