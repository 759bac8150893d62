// istiod's webhook port, for clients that are not the API server: `istioctl kube-inject` sends it pods.

import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, text } from '../../mesh/read.ts';
import type { AdmissionAnswer, AdmissionReview } from '../contract.ts';
import type { KeyPair } from './xds/xds-server.ts';

export type ReviewHandlers = Record<string, (review: AdmissionReview) => AdmissionAnswer>;

export interface WebhookPortOptions {
  /** By the first part of the path: `/inject`. */
  handlers: ReviewHandlers;
  /** Asked at each connection: the authority may be younger than istiod. */
  keys(): KeyPair;
  /** On loopback, once it is open. */
  opened(port: number): void;
  onError(error: Error): void;
}

const LARGEST = 3 * 1024 * 1024;

/** Returns the stop. */
export function serveWebhooks({ handlers, keys, opened, onError }: WebhookPortOptions): () => void {
  const current = () => ({ cert: keys().certificate, key: keys().key });
  const options = {
    ...current(),
    SNICallback: (_name: string, done: (error: Error | null, context?: SecureContext) => void) =>
      done(null, createSecureContext(current())),
  };
  const server = createServer(options, async (request, response) => {
    const handler = handlers[`/${(request.url ?? '').split(/[/?]/)[1] ?? ''}`];
    const body = await readBody(request).catch(() => undefined);
    const review = body === undefined ? undefined : readReview(body);
    if (!handler || !review) {
      response.writeHead(handler ? 400 : 404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(handler ? 'no body found\n' : '404 page not found\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answerTo(review, handler(review))));
  });
  server.on('error', onError);
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1', () => opened((server.address() as AddressInfo).port));
  server.unref();
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Undefined when it is no AdmissionReview with an object. */
function readReview(body: string): AdmissionReview | undefined {
  let request: Readonly<Record<string, unknown>>;
  try {
    request = fields(fields(JSON.parse(body)).request);
  } catch {
    return undefined;
  }
  const object = fields(request.object);
  if (typeof object.metadata !== 'object' || object.metadata === null) return undefined;
  const named = (value: unknown, third: string) => {
    const { group, version, [third]: name } = fields(value);
    return { group: text(group) ?? '', version: text(version) ?? '', name: text(name) ?? '' };
  };
  const { name: kind, ...kindGroup } = named(request.kind, 'kind');
  const { name: resource, ...resourceGroup } = named(request.resource, 'resource');
  return {
    uid: text(request.uid) ?? '',
    operation: request.operation === 'UPDATE' || request.operation === 'DELETE' ? request.operation : 'CREATE',
    kind: { ...kindGroup, kind },
    // istioctl names none: what it sends are pods.
    resource: { ...resourceGroup, resource: resource || 'pods' },
    ...(text(request.namespace) && { namespace: text(request.namespace) }),
    ...(text(request.name) && { name: text(request.name) }),
    object: object as unknown as KubeObject,
    dryRun: request.dryRun === true,
  };
}

/** What changed goes back as a JSON patch of whole top-level fields. */
function answerTo({ uid, object: before }: AdmissionReview, { allowed, object, message, warnings }: AdmissionAnswer) {
  const patch = Object.entries(object ?? {})
    .filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before?.[field]))
    .map(([field, value]) => ({ op: 'add', path: `/${field}`, value }));
  const response = {
    uid,
    allowed,
    ...(message !== undefined && { status: { message } }),
    ...(warnings && warnings.length > 0 && { warnings }),
    ...(patch.length > 0 && {
      patchType: 'JSONPatch',
      patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    }),
  };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
}
