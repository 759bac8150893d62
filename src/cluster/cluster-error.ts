// What a request to an API server can go wrong with, for people and for code.
import { CodedError } from './coded-error.ts';

export type ClusterErrorReason = 'kubeconfig' | 'unreachable' | 'unauthorized' | 'forbidden' | 'invalid' | 'server';

const texts: Record<ClusterErrorReason, { code: string; happened: string; expected: string; todo: string }> = {
  kubeconfig: {
    code: 'MALLA-CLU-10',
    happened: 'El kubeconfig no se puede usar',
    expected: 'un fichero YAML con un contexto que nombre un clúster y un usuario',
    todo: 'Comprueba la ruta y el contenido del fichero con «kubectl config view».',
  },
  unreachable: {
    code: 'MALLA-CLU-11',
    happened: 'El clúster no contesta',
    expected: 'que el API de Kubernetes responda en la dirección del kubeconfig',
    todo: 'Comprueba que el clúster está en marcha (el embebido, con «malla cluster estado»).',
  },
  unauthorized: {
    code: 'MALLA-CLU-12',
    happened: 'El clúster no acepta las credenciales del kubeconfig',
    expected: 'un token o un certificado vigente',
    todo: 'Consigue un kubeconfig nuevo; el del clúster embebido se escribe al arrancarlo.',
  },
  forbidden: {
    code: 'MALLA-CLU-13',
    happened: 'El clúster no te da permiso',
    expected: 'un usuario que pueda ver y cambiar los objetos de las prácticas',
    todo: 'Pide permiso a quien administra el clúster o usa otro kubeconfig.',
  },
  invalid: {
    code: 'MALLA-CLU-14',
    happened: 'El clúster rechaza la petición',
    expected: 'una petición válida',
    todo: 'Corrige lo que dice el mensaje del servidor.',
  },
  server: {
    code: 'MALLA-CLU-15',
    happened: 'El clúster falló al atender la petición',
    expected: 'una respuesta sin error interno',
    todo: 'Inténtalo otra vez dentro de unos segundos.',
  },
};

export class ClusterError extends CodedError {
  readonly reason: ClusterErrorReason;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** The server's own message, or the system's. */
  readonly detail: string;

  constructor(reason: ClusterErrorReason, detail: string, options: { status?: number; cause?: unknown } = {}) {
    const text = texts[reason];
    super({
      ...text,
      happened: detail ? `${text.happened}: ${detail}` : text.happened,
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.name = 'ClusterError';
    this.reason = reason;
    this.status = options.status;
    this.detail = detail;
  }
}

/** The error of an HTTP status that is not a success, with the message of the server's Status object if it sent one. */
export function errorOfStatus(status: number, body: unknown): ClusterError {
  const message = messageOf(body) || `HTTP ${status}`;
  return new ClusterError(reasonOf(status), message, { status });
}

function reasonOf(status: number): ClusterErrorReason {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  return status >= 500 ? 'server' : 'invalid';
}

function messageOf(body: unknown): string {
  if (typeof body === 'string') return body.trim().slice(0, 300);
  if (typeof body !== 'object' || body === null) return '';
  if ('message' in body && typeof body.message === 'string') return body.message;
  // Behind the API's proxy there are other programs: Prometheus says it so.
  return 'error' in body && typeof body.error === 'string' ? body.error : '';
}
