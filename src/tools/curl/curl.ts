// Malla's curl: the usual options with curl's answers, messages and exit codes. HTTP and HTTPS only.
import { basename } from 'node:path';
import type { ToolContext } from '../tool.ts';
import { CookieJar } from './cookies.ts';
import { CurlError } from './errors.ts';
import { nodeWorld } from './node-world.ts';
import { type CurlOptions, curlFlags, readOptions } from './options.ts';
import { curlVersion } from './request-headers.ts';
import { type Transfer, transfer } from './transfer.ts';
import type { FileSink, World } from './world.ts';
import { writeOut } from './write-out.ts';

const TRY_HELP = "curl: try 'curl --help' or 'curl --manual' for more information\n";

export const curl = (argv: string[], context: ToolContext): Promise<number> =>
  curlIn(nodeWorld(context.cwd), argv, context);

/** The same program in another world, as that of a simulated pod. */
export async function curlIn(world: World, argv: string[], context: ToolContext): Promise<number> {
  const { stdout, stderr } = context.streams;
  let options: CurlOptions;
  try {
    options = await readOptions(argv, context, world);
  } catch (error) {
    if (!(error instanceof CurlError)) throw error;
    stderr.write(`curl: ${error.message}\n${error.code === 2 ? TRY_HELP : ''}`);
    return error.code;
  }
  const { flags } = options;
  if (flags.bool('help')) {
    stdout.write(help());
    return 0;
  }
  if (flags.bool('version')) {
    stdout.write(`curl ${curlVersion} (de Malla)\nProtocols: http https\n`);
    return 0;
  }
  if (options.urls.length === 0) {
    stderr.write(TRY_HELP);
    return 2;
  }
  const jar = new CookieJar();
  for (const source of flags.list('cookie')) await jar.add(source, world);
  let code = 0;
  for (const [index, url] of options.urls.entries()) code = await fetchOne(url, index, options, jar, context, world);
  const jarPath = flags.text('cookie-jar');
  if (jarPath !== undefined) {
    const text = await jar.save(jarPath, world);
    if (text !== undefined) stdout.write(text);
  }
  return code;
}

async function fetchOne(
  url: string,
  index: number,
  options: CurlOptions,
  jar: CookieJar,
  context: ToolContext,
  world: World,
): Promise<number> {
  const { flags } = options;
  const { stdout, stderr } = context.streams;
  const sink = openSink(url, options.outputs[index], flags.bool('remote-name') === true, context, world);
  const dump = flags.text('dump-header');
  const dumpSink = dump === undefined ? undefined : openSink(url, dump, false, context, world);
  const shown = flags.bool('include') || flags.bool('head');
  const trace = (text: string) => {
    if (flags.bool('verbose')) stderr.write(`${text}\n`);
  };
  const progress: Partial<Transfer> = {};
  let failure: CurlError | undefined;
  try {
    await transfer(
      url,
      {
        context,
        world,
        options,
        jar,
        trace,
        onHead(head) {
          trace(
            head
              .trimEnd()
              .split('\r\n')
              .map((line) => `< ${line}`)
              .join('\n')
              .concat('\n< '),
          );
          dumpSink?.stream.write(head);
          if (shown) sink.stream.write(head);
        },
        onBody: (chunk) => sink.stream.write(chunk),
      },
      progress,
    );
  } catch (error) {
    if (context.signal.aborted) return 130;
    if (!(error instanceof CurlError)) throw error;
    failure = error;
  }
  const written = await Promise.all([sink.close(), dumpSink?.close()]).catch(() => undefined);
  if (!written) failure = new CurlError(23, `Failure writing output to destination`);
  if (failure && (!flags.bool('silent') || flags.bool('show-error')))
    stderr.write(`curl: (${failure.code}) ${failure.message}\n`);
  const format = flags.text('write-out');
  if (format !== undefined)
    stdout.write(
      writeOut(format, {
        transfer: progress.url === undefined ? undefined : (progress as Transfer),
        url,
        exitCode: failure?.code ?? 0,
        message: failure?.message ?? '',
      }),
    );
  return failure?.code ?? 0;
}

interface Sink {
  stream: { write(chunk: Buffer | string): unknown };
  close(): Promise<void>;
}

/** Files are made when the first byte comes, as curl does: a failed transfer leaves none. */
function openSink(
  url: string,
  output: string | undefined,
  remoteName: boolean,
  context: ToolContext,
  world: World,
): Sink {
  const name = remoteName ? basename(url.split(/[?#]/)[0] ?? '') || 'curl_response' : output;
  if (name === undefined || name === '-') return { stream: context.streams.stdout, close: async () => {} };
  let file: FileSink | undefined;
  return {
    stream: {
      write(chunk) {
        file ??= world.create(name);
        file.write(chunk);
      },
    },
    close: async () => file?.close(),
  };
}

function help(): string {
  const lines = Object.entries(curlFlags)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { short, kind }]) => ` ${short ? `-${short},` : '   '} --${name}${kind === 'bool' ? '' : ' <valor>'}`);
  return `Uso: curl [opciones...] <url>\n${lines.join('\n')}\n`;
}
