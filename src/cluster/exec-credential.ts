// A user of a kubeconfig who logs in by a program of this machine (client.authentication.k8s.io): it is run with a deadline
// and without a terminal, and asked again when what it gave runs out.
import { isAbsolute } from 'node:path';
import { fields, items, text } from '../mesh/read.ts';
import { ClusterError } from './cluster-error.ts';

export interface Credential {
  token?: string;
  certificate?: string;
  key?: string;
}

export interface ExecOptions {
  /** What the kubeconfig says under `exec`. */
  exec: Readonly<Record<string, unknown>>;
  /** Told to the program, when it asks for it. */
  cluster: { server: string; authority?: string | undefined };
  env: Readonly<Record<string, string | undefined>>;
  /** Malla's own, for programs that it keeps. */
  home: string;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A person may have to answer in a browser meanwhile. */
const patience = 60_000;
/** Asked for anew this long before it runs out. */
const margin = 30_000;

/** What it returns rejects with ClusterError `unauthorized` when the program gives no credential. */
export function execCredential(options: ExecOptions): () => Promise<Credential> {
  let known: { credential: Credential; until: number } | undefined;
  let asking: Promise<Credential> | undefined;
  const ask = async (): Promise<Credential> => {
    const status = await run(options);
    const credential = credentialOf(status);
    const expires = Date.parse(text(status.expirationTimestamp) ?? '');
    known = { credential, until: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires - margin };
    return credential;
  };
  return async () => {
    if (known && options.now() < known.until) return known.credential;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

async function run({ exec, cluster, env, home }: ExecOptions): Promise<Readonly<Record<string, unknown>>> {
  const name = text(exec.command) ?? '';
  if (exec.interactiveMode === 'Always') throw refused(name, 'necesita preguntar en un terminal');
  const { findProgram } = await import('./programs/find-program.ts');
  const { runProgram } = await import('./programs/run-program.ts');
  const program = isAbsolute(name) ? name : await findProgram(name, { env, home });
  if (!program) throw refused(name, 'no está en esta máquina');
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo === true && {
        cluster: {
          server: cluster.server,
          ...(cluster.authority && { 'certificate-authority-data': cluster.authority }),
        },
      }),
    },
  };
  const own = items(exec.env).map((entry): [string, string] => [
    text(fields(entry).name) ?? '',
    text(fields(entry).value) ?? '',
  ]);
  try {
    const { stdout } = await runProgram({
      program,
      args: items(exec.args).map(String),
      timeout: patience,
      env: { ...env, ...Object.fromEntries(own), KUBERNETES_EXEC_INFO: JSON.stringify(info) },
      limit: 1_000_000,
    });
    return fields(fields(JSON.parse(stdout)).status);
  } catch (cause) {
    const detail =
      cause instanceof SyntaxError
        ? 'no escribe una credencial'
        : cause instanceof Error
          ? cause.message
          : String(cause);
    throw refused(name, detail, cause);
  }
}

function credentialOf(status: Readonly<Record<string, unknown>>): Credential {
  const token = text(status.token);
  const [certificate, key] = [text(status.clientCertificateData), text(status.clientKeyData)];
  if (token === undefined && (certificate === undefined || key === undefined))
    throw new ClusterError('unauthorized', 'el programa del kubeconfig no da ni token ni certificado');
  return {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
  };
}

function refused(program: string, why: string, cause?: unknown): ClusterError {
  const options = cause === undefined ? {} : { cause };
  return new ClusterError('unauthorized', `el programa del kubeconfig, «${program}», ${why}`, options);
}
