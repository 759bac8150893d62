// Jaeger: takes spans in the usual protocols, keeps the newest in memory, and answers its query API.
import type { ContainerContext, HttpReply, HttpRequest, RunningContainer } from '../contract.ts';
import { answerQuery } from '../telemetry/tracing/jaeger-api.ts';
import { readOtlpJson, readOtlpProtobuf } from '../telemetry/tracing/otlp.ts';
import { createSpanStore, type SpanStore } from '../telemetry/tracing/span-store.ts';
import { readZipkin } from '../telemetry/tracing/zipkin.ts';
import { bodyOf, escapeHtml, html, json, pathOf, text } from './replies.ts';

/** The addon's manifest serves the query API below this path; without a configuration of its own it is at the root too. */
const BASE = '/jaeger';

export function jaeger(context: ContainerContext): RunningContainer {
  const store = createSpanStore();
  const collect = (spans: Parameters<SpanStore['add']>[0]): void => store.add(spans);
  const health = (): HttpReply => json(200, '{"status":"StatusOK"}');
  context.log('{"level":"info","msg":"Everything is ready. Begin running and processing data."}');
  return {
    ports: {
      16686: (request) => query(store, request, context.clock.now()),
      9411: (request) => zipkin(store, request),
      4318: (request) => otlp(store, request),
      13133: health,
      14269: health,
      8888: () => text(200, ''),
    },
    collectors: { 9411: collect, 4317: collect, 4318: collect, 14250: collect, 14268: collect },
  };
}

function query(store: SpanStore, { path }: HttpRequest, now: number): HttpReply {
  const [whole = '', search = ''] = path.split('?', 2);
  const below = whole.startsWith(`${BASE}/`) || whole === BASE ? whole.slice(BASE.length) : whole;
  if (below.startsWith('/api/')) {
    const { status, body } = answerQuery(store, below.slice('/api/'.length), new URLSearchParams(search), now);
    return json(status, JSON.stringify(body));
  }
  if (below === '' || below === '/' || below === '/search') return html(200, page(store));
  return text(404, '404 page not found\n');
}

function zipkin(store: SpanStore, request: HttpRequest): HttpReply {
  if (pathOf(request) !== '/api/v2/spans') return text(404, '404 page not found\n');
  if (request.method !== 'POST') return text(405, '');
  try {
    store.add(readZipkin(bodyOf(request)));
    return { status: 202, headers: {}, body: '' };
  } catch (error) {
    return text(400, `${error instanceof Error ? error.message : error}\n`);
  }
}

function otlp(store: SpanStore, request: HttpRequest): HttpReply {
  if (pathOf(request) !== '/v1/traces') return text(404, '404 page not found\n');
  if (request.method !== 'POST') return text(405, '405 method not allowed, supported: [POST]');
  const type = request.headers['content-type']?.split(';')[0]?.trim() ?? '';
  try {
    if (type === 'application/json') {
      store.add(readOtlpJson(bodyOf(request)));
      return json(200, '{"partialSuccess":{}}');
    }
    if (type === 'application/x-protobuf') {
      const { body = '' } = request;
      store.add(readOtlpProtobuf(typeof body === 'string' ? Buffer.from(body) : body));
      return { status: 200, headers: { 'content-type': type }, body: '' };
    }
    return text(415, '415 unsupported media type, supported: [application/json, application/x-protobuf]');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return json(400, JSON.stringify({ code: 3, message }));
  }
}

/** Jaeger's own page is not simulated: this one says so, and where to look. */
function page(store: SpanStore): string {
  const services = store.services();
  const list =
    services.length > 0
      ? `<ul>${services.map((s) => `<li>${escapeHtml(s)}</li>`).join('')}</ul>`
      : '<p>Todavía ninguno.</p>';
  return `<!doctype html><html lang="es"><meta charset="utf-8"><title>Jaeger, simulado por Malla</title>
<h1>Jaeger, simulado por Malla</h1>
<p>Este clúster es un simulador: aquí contesta el API de consulta de Jaeger (<code>${BASE}/api</code>), no su página.
Mira las trazas con <code>malla panel</code> o con «Ver la malla» en VS Code.</p>
<h2>Servicios con trazas</h2>${list}</html>`;
}
