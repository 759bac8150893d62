// `malla trafico`: the stream of requests of a lab, by itself and in view.
import { type Command, InvalidArgumentError } from 'commander';
import { createLabStream } from '../../checks/lab-stream.ts';
import { CodedError } from '../../cluster/coded-error.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import { findLab, loadCourse } from '../course.ts';
import type { Invocation } from '../host.ts';
import { paintFor } from '../style.ts';

interface Options extends AccessOptions {
  segundos?: number;
}

export function trafficCommand(program: Command, { host }: Invocation): void {
  withAccessOptions(
    program
      .command('trafico')
      .description('envía el tráfico de un laboratorio por la dirección de entrada, hasta que lo pares con Ctrl-C')
      .argument('<LAB>', 'el laboratorio')
      .option('--segundos <N>', 'para al cabo de ese tiempo', readSeconds),
  ).action(async (id: string, options: Options) => {
    const lab = findLab(await loadCourse(host), id);
    if (lab.traffic.length === 0) {
      throw new CodedError({
        code: 'MALLA-USO-09',
        happened: `El laboratorio «${lab.id}» no tiene tráfico que enviar.`,
        expected: 'Un laboratorio con «trafico» en su cabecera, como grafana o kiali.',
        todo: 'Pide tú las páginas con curl o con el navegador.',
      });
    }
    const cluster = await reachCluster(host, options);
    const paint = paintFor(host);
    const own = new AbortController();
    const signal = AbortSignal.any([host.signal, own.signal]);
    const stream = createLabStream(lab, cluster, {
      signal,
      onChange({ trouble }) {
        if (trouble) host.stdout.write(`${paint('yellow', `Sin efecto: ${trouble}`)}\n`);
      },
    });
    for (const { path, rate } of lab.traffic)
      host.stdout.write(`Envío ${spanishRate(rate)} a ${cluster.access.entry ?? ''}${path} (Ctrl-C para parar)\n`);
    stream.start();
    const report = setInterval(() => host.stdout.write(`  ${describeCounts(stream.counts)}\n`), 1000);
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
      if (options.segundos !== undefined) setTimeout(() => own.abort(), options.segundos * 1000);
    });
    clearInterval(report);
    host.stdout.write(`En total: ${describeCounts(stream.counts)}\n`);
  });
}

/** `200: 14 · 503: 2`. */
export function describeCounts(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name}: ${count}`);
  return parts.toSorted().join(' · ') || 'ninguna respuesta todavía';
}

function spanishRate(rate: number): string {
  const number = new Intl.NumberFormat('es-ES', { maximumFractionDigits: 1 }).format(rate);
  return `${number} ${rate === 1 ? 'petición' : 'peticiones'} por segundo`;
}

function readSeconds(value: string): number {
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('«--segundos» es un número mayor que 0 (y como mucho 86400, un día)');
}
