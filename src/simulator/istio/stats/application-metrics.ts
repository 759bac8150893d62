// The metrics of the program beside a proxy: the agent scrapes them and serves both (prometheus.io annotations).
import { fields, text } from '../../../mesh/read.ts';
import type { ContainerContext, HttpReply } from '../../contract.ts';

/** Empty where the pod names no metrics of its own, or nobody answers. */
export async function applicationMetrics(context: ContainerContext): Promise<string> {
  const target = targetOf(context.env.ISTIO_PROMETHEUS_ANNOTATIONS);
  if (!target || !context.local) return '';
  try {
    const { path, port } = target;
    const reply = await context.local(port, { method: 'GET', path, authority: `localhost:${port}`, headers: {} });
    return reply ? bodyOf(reply) : '';
  } catch {
    return '';
  }
}

function bodyOf({ status, headers, body }: HttpReply): string {
  const type = headers['content-type'] ?? '';
  if (status !== 200 || type.includes('html') || type.includes('json')) return '';
  const own = typeof body === 'string' ? body : new TextDecoder().decode(body);
  return own === '' || own.endsWith('\n') ? own : `${own}\n`;
}

function targetOf(annotations: string | undefined): { port: number; path: string } | undefined {
  if (annotations === undefined) return undefined;
  try {
    const { scrape, port, path } = fields(JSON.parse(annotations));
    const number = Number(text(port) || 80);
    // The agent's own port would ask itself for ever.
    if (scrape !== 'true' || !Number.isInteger(number) || number === 15020) return undefined;
    return { port: number, path: text(path) || '/metrics' };
  } catch {
    return undefined;
  }
}
