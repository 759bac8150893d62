// From a kubeconfig to a way in: the server's URL, TLS material and the Authorization header.
//
// The common shapes (token, client certificate, basic) are read here, because the client library that knows the rest
// takes half a second to load. A user that logs in by auth provider, or a cluster behind a proxy, goes through it, lazily.
import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { ClusterError } from './cluster-error.ts';
import { execCredential } from './exec-credential.ts';
import { mallaHome } from './home.ts';

export interface WayIn {
  /** Without a trailing slash. */
  server: string;
  tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername' | 'agent'>;
  /** Asked before each request: tokens may be renewed. */
  headers(): Promise<Record<string, string>>;
}

type Fields = Record<string, unknown>;

/** Rejects with ClusterError `kubeconfig` when the file cannot be read or does not name a cluster. */
export async function readKubeconfig(path: string, context?: string): Promise<WayIn> {
  const config = await readYaml(path);
  const chosen = context ?? text(config['current-context']);
  if (!chosen) throw new ClusterError('kubeconfig', `${path} no dice qué contexto usar`);
  const names = named(config.contexts, chosen, 'context');
  if (!names) throw new ClusterError('kubeconfig', `${path} no tiene el contexto «${chosen}»`);
  const cluster = named(config.clusters, text(names.cluster), 'cluster');
  const server = text(cluster?.server);
  if (!cluster || !URL.canParse(server))
    throw new ClusterError('kubeconfig', `el contexto «${chosen}» de ${path} no nombra un clúster con su dirección`);
  const user = named(config.users, text(names.user), 'user') ?? {};
  if (user['auth-provider'] || cluster['proxy-url']) return throughLibrary(path, chosen);
  const plain = await plainWayIn(server, cluster, user, dirname(path));
  return user.exec ? loggedIn(plain, withWholePath(user.exec as Fields, dirname(path))) : plain;
}

/** A command with a folder in it counts from the kubeconfig's own. */
function withWholePath(exec: Fields, folder: string): Fields {
  const command = text(exec.command);
  return /[/\\]/.test(command) ? { ...exec, command: resolve(folder, command) } : exec;
}

/** By a program of this machine: what it gives is asked for now, for certificates, and before each request, for tokens. */
async function loggedIn(way: WayIn, exec: Fields): Promise<WayIn> {
  const { server, tls } = way;
  const authority = tls.ca ? Buffer.from(String(tls.ca)).toString('base64') : undefined;
  const env = process.env;
  const ask = execCredential({ exec, cluster: { server, authority }, env, home: mallaHome(env), now: Date.now });
  const { certificate, key } = await ask();
  return {
    server,
    tls: { ...tls, ...(certificate && key ? { cert: certificate, key } : {}) },
    async headers(): Promise<Record<string, string>> {
      const { token } = await ask();
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
  };
}

async function plainWayIn(server: string, cluster: Fields, user: Fields, folder: string): Promise<WayIn> {
  const material = (fields: Fields, name: string): Promise<Buffer | undefined> =>
    dataOrFile(text(fields[`${name}-data`]), text(fields[name]), folder);
  const [ca, cert, key] = await Promise.all([
    material(cluster, 'certificate-authority'),
    material(user, 'client-certificate'),
    material(user, 'client-key'),
  ]);
  const serverName = text(cluster['tls-server-name']);
  const tokenFile = text(user.tokenFile);
  const headers = async (): Promise<Record<string, string>> => {
    if (user.token) return { authorization: `Bearer ${text(user.token)}` };
    if (tokenFile) return { authorization: `Bearer ${(await read(resolve(folder, tokenFile))).toString().trim()}` };
    if (!user.username) return {};
    const pair = Buffer.from(`${text(user.username)}:${text(user.password)}`).toString('base64');
    return { authorization: `Basic ${pair}` };
  };
  return {
    server: server.replace(/\/+$/, ''),
    tls: {
      ...(ca ? { ca } : {}),
      ...(cert ? { cert } : {}),
      ...(key ? { key } : {}),
      ...(serverName ? { servername: serverName } : {}),
      ...(cluster['insecure-skip-tls-verify'] === true ? { rejectUnauthorized: false } : {}),
    },
    headers,
  };
}

async function throughLibrary(path: string, context: string): Promise<WayIn> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(path);
  config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server ?? '';
  const login = async (): Promise<RequestOptions> => {
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw new ClusterError('unauthorized', cause instanceof Error ? cause.message : String(cause), { cause });
    }
    return options;
  };
  const { ca, cert, key, rejectUnauthorized, servername, agent } = await login();
  return {
    server: server.replace(/\/+$/, ''),
    tls: {
      ca,
      cert,
      key,
      servername,
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
      // Without a proxy the client's own keep-alive agent is better than the one made for a single call.
      ...(config.getCurrentCluster()?.proxyUrl ? { agent } : {}),
    },
    async headers() {
      const { headers } = await login();
      return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), `${value}`]));
    },
  };
}

async function readYaml(path: string): Promise<Fields> {
  const content = (await read(path)).toString();
  try {
    const value: unknown = parse(content);
    if (typeof value === 'object' && value !== null) return value as Fields;
  } catch (cause) {
    throw new ClusterError('kubeconfig', `${path} no es YAML válido`, { cause });
  }
  throw new ClusterError('kubeconfig', `${path} está vacío`);
}

async function dataOrFile(data: string, file: string, folder: string): Promise<Buffer | undefined> {
  if (data) return Buffer.from(data, 'base64');
  return file ? read(resolve(folder, file)) : undefined;
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new ClusterError('kubeconfig', `no se puede leer ${path}`, { cause });
  }
}

/** The body under `key` of the list's item with this name. */
function named(list: unknown, name: string, key: string): Fields | undefined {
  if (!Array.isArray(list)) return undefined;
  const item = (list as Fields[]).find((i) => i?.name === name);
  const body = item?.[key];
  return typeof body === 'object' && body !== null ? (body as Fields) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
