// `malla panel`: the views of the mesh at a loopback address, or by lines of JSON for the editor.
import { createInterface } from 'node:readline';
import { type Command, InvalidArgumentError } from 'commander';
import { answerCall } from '../../views/answer-call.ts';
import { createViews, type Views } from '../../views/views.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import type { Host, Invocation } from '../host.ts';
import { startPanelServer } from '../panel/server.ts';

interface Options extends AccessOptions {
  puerto: number;
  json?: boolean;
  lineas?: boolean;
}

export function panelCommand(program: Command, { host }: Invocation): void {
  withAccessOptions(
    program
      .command('panel')
      .description('abre las vistas de la malla en una dirección de esta máquina, hasta que lo pares con Ctrl-C')
      .option('--puerto <N>', 'puerto en 127.0.0.1; si no lo dices, uno libre', portNumber, 0)
      .option('--json', 'la dirección, en una línea de JSON')
      .option('--lineas', 'sin dirección: preguntas y respuestas en líneas de JSON, para el editor'),
  ).action(async (options: Options) => {
    const views = createViews({ cluster: await reachCluster(host, options), random: Math.random, now: Date.now });
    if (options.lineas) return answerLines(host, views);
    const server = await startPanelServer({ views, root: host.root, port: options.puerto });
    try {
      if (options.json) host.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
      else host.stdout.write(`Las vistas de la malla están en\n  ${server.url}\nPara cerrarlas, Ctrl-C.\n`);
      await aborted(host.signal);
    } finally {
      await server.stop();
    }
  });
}

/** Until the input ends: whoever asks owns this process. */
async function answerLines(host: Host, views: Views): Promise<void> {
  const lines = createInterface({ input: host.stdin });
  host.signal.addEventListener('abort', () => lines.close(), { once: true });
  lines.on('line', (line) => {
    const call = parse(line);
    if ((call as { do?: unknown } | undefined)?.do === 'stop') return lines.close();
    void answerCall(views, call).then((reply) => host.stdout.write(`${JSON.stringify(reply)}\n`));
  });
  await new Promise<void>((resolve) => lines.once('close', resolve));
  host.stdin.pause();
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('un puerto es un número de 0 a 65535');
  return port;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
