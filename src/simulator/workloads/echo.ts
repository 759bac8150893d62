// Servers that answer with what they were asked.
import { valuesOf } from '../../mesh/repeated-headers.ts';
import type { ContainerContext, HttpRequest, RunningContainer } from '../contract.ts';
import { commandOf } from './idle.ts';
import { bodyOf, pathOf, text } from './replies.ts';

export function echoServer(port: number): (context: ContainerContext) => RunningContainer {
  return ({ env, log }) => {
    const listening = Number(env.PORT) || port;
    log(`Listening on port ${listening}.`);
    return { ports: { [listening]: (request) => text(200, echo(request, env.HOSTNAME ?? '')) } };
  };
}

function echo(request: HttpRequest, hostname: string): string {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    valuesOf(value).map((one) => `${name}: ${one}`),
  );
  const head = [`Hostname: ${hostname}`, `${request.method} ${request.path}`, `host: ${request.authority}`, ...headers];
  const body = bodyOf(request);
  return `${head.join('\n')}\n${body && `\n${body}\n`}`;
}

/** hashicorp/http-echo: one text for every request, from its arguments or ECHO_TEXT. */
export function httpEcho(context: ContainerContext): RunningContainer {
  const args = commandOf(context);
  const option = (name: string) =>
    args.map((arg) => new RegExp(`^--?${name}=(.*)$`, 's').exec(arg)?.[1]).find((v) => v !== undefined);
  const body = `${option('text') ?? context.env.ECHO_TEXT ?? 'hello-world'}\n`;
  const port = Number(/:(\d+)$/.exec(option('listen') ?? '')?.[1] ?? 5678);
  context.log(`[INFO] server is listening on :${port}`);
  const health = '{"status":"ok"}\n';
  return { ports: { [port]: (request) => text(200, pathOf(request) === '/health' ? health : body) } };
}
