// A cluster as the questions reach it: kubectl's environment, a raw HTTPS request, and the library's clients.
import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import {
  ApiextensionsV1Api,
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  KubernetesObjectApi,
  Watch,
} from '@kubernetes/client-node';

export interface Client {
  core: CoreV1Api;
  apps: AppsV1Api;
  batch: BatchV1Api;
  coordination: CoordinationV1Api;
  extensions: ApiextensionsV1Api;
  custom: CustomObjectsApi;
  authentication: AuthenticationV1Api;
  authorization: AuthorizationV1Api;
  objects: KubernetesObjectApi;
  watch: Watch;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface HttpRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
  stranger: boolean;
}

export interface Cluster {
  client: Client;
  /** `host:port` of the API, which answers may name. */
  server: string;
  http(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

export async function connect(kubeconfig: string): Promise<Cluster> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const server = new URL(config.getCurrentCluster()?.server ?? '');
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const own = new Agent({ ...tlsOf(options), keepAlive: true, maxSockets: 8 });
  const stranger = new Agent({ ca: options.ca, keepAlive: true, maxSockets: 4 });
  const authorization = (options.headers as Record<string, string> | undefined)?.Authorization;
  return {
    server: server.host,
    client: {
      core: config.makeApiClient(CoreV1Api),
      apps: config.makeApiClient(AppsV1Api),
      batch: config.makeApiClient(BatchV1Api),
      coordination: config.makeApiClient(CoordinationV1Api),
      extensions: config.makeApiClient(ApiextensionsV1Api),
      custom: config.makeApiClient(CustomObjectsApi),
      authentication: config.makeApiClient(AuthenticationV1Api),
      authorization: config.makeApiClient(AuthorizationV1Api),
      objects: KubernetesObjectApi.makeApiClient(config),
      watch: new Watch(config),
    },
    http: (asked) =>
      send(
        {
          agent: asked.stranger ? stranger : own,
          host: server.hostname,
          port: server.port,
          method: asked.method,
          path: asked.path,
          headers: {
            'user-agent': 'fidelity/1',
            ...(authorization && !asked.stranger ? { authorization } : {}),
            ...asked.headers,
          },
        },
        asked.body,
      ),
    close() {
      own.destroy();
      stranger.destroy();
    },
  };
}

function tlsOf({ ca, cert, key }: RequestOptions): Pick<RequestOptions, 'ca' | 'cert' | 'key'> {
  return { ca, cert, key };
}

function send(options: RequestOptions, body: string | Buffer | undefined): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const sent = request({ ...options, timeout: 60_000 }, (answer) => {
      answered = true;
      read(answer).then(resolve, reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in 60 s')));
    // A server that refuses a large body answers and closes before it has read it all.
    sent.on('error', (error) => {
      if (!answered) reject(error);
    });
    if (body !== undefined) sent.setHeader('content-length', Buffer.byteLength(body));
    sent.end(body);
  });
}

async function read(answer: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString('utf8') };
}
