// fortio: a load generator, used by `kubectl exec … -- /usr/bin/fortio load`. Its report has the parts that people read.
import { STATUS_CODES } from 'node:http';
import { valuesOf } from '../../mesh/repeated-headers.ts';
import {
  CallError,
  type ContainerContext,
  type ExecStreams,
  type HttpReply,
  type RunningContainer,
} from '../contract.ts';
import { text } from './replies.ts';

const VERSION = '1.68.2';
const MOST_CALLS = 100_000;
const MOST_THREADS = 64;

export function fortio(context: ContainerContext): RunningContainer {
  context.log(`Fortio ${VERSION} grpc 'ping' server listening on tcp [::]:8079`);
  return {
    ports: { 8080: () => text(200, 'fortio\n') },
    programs: { fortio: (argv, streams) => run(argv, streams, context) },
  };
}

interface Command {
  url: string;
  values: ReadonlyMap<string, string>;
  flags: ReadonlySet<string>;
}

async function run(argv: readonly string[], streams: ExecStreams, context: ContainerContext): Promise<number> {
  const [verb, ...rest] = argv;
  const command = readCommand(rest);
  if (!command || (verb !== 'load' && verb !== 'curl')) {
    streams.stderr(`Error: fortio ${argv.join(' ')}: only load and curl of one http:// URL are simulated\n`);
    return 1;
  }
  return verb === 'curl' || command.flags.has('curl')
    ? fetchOnce(command, streams, context)
    : load(command, streams, context);
}

const WITHOUT_VALUE = new Set([
  'quiet',
  'curl',
  'allow-initial-errors',
  'keepalive',
  'stdclient',
  'nocatchup',
  'uniform',
]);

function readCommand(argv: readonly string[]): Command | undefined {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const rest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    const [, name, value] = /^--?([a-z0-9-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined) rest.push(word);
    else if (value !== undefined) values.set(name, value);
    else if (WITHOUT_VALUE.has(name)) flags.add(name);
    else values.set(name, argv[++i] ?? '');
  }
  const url = rest[0] ?? '';
  return rest.length === 1 && /^http:\/\//.test(url) && URL.canParse(url) ? { url, values, flags } : undefined;
}

async function ask(url: string, context: ContainerContext): Promise<HttpReply | undefined> {
  const { host, pathname, search } = new URL(url);
  const headers = { 'user-agent': `fortio.org/fortio-${VERSION}` };
  try {
    return await context.call({ method: 'GET', path: `${pathname}${search}`, authority: host, headers });
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return undefined;
  }
}

async function fetchOnce(
  { url }: Command,
  { stdout, stderr }: ExecStreams,
  context: ContainerContext,
): Promise<number> {
  const reply = await ask(url, context);
  if (!reply) {
    stderr(`Unable to connect to ${url}\n`);
    return 1;
  }
  const head = Object.entries(reply.headers).flatMap(([name, value]) =>
    valuesOf(value).map((one) => `${name}: ${one}\r\n`),
  );
  stderr(`HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ''}\r\n${head.join('')}\r\n`);
  stdout(reply.body);
  return reply.status < 400 ? 0 : 1;
}

interface Call {
  code: number;
  seconds: number;
}

async function load({ url, values }: Command, streams: ExecStreams, context: ContainerContext): Promise<number> {
  const threads = within(Number(values.get('c') ?? 4), MOST_THREADS);
  const qps = Number(values.get('qps') ?? 8);
  const count = within(Number(values.get('n') ?? Math.max(threads, Math.ceil(qps * 5))), MOST_CALLS);
  const { stdout, signal } = streams;
  stdout(`Fortio ${VERSION} running at ${qps} queries per second, 2->2 procs, for ${count} calls: ${url}\n`);
  const each = Math.floor(count / threads);
  const speed = qps > 0 ? `at ${qps} qps` : 'at max qps';
  stdout(
    `Starting ${speed} with ${threads} thread(s) [gomax 2] for exactly ${count} calls (${each} per thread + ${count % threads})\n`,
  );
  const start = context.clock.now();
  const calls: Call[] = [];
  const thread = async (index: number) => {
    for (let i = index; i < count && !signal.aborted; i += threads) {
      if (qps > 0) await pause(context, start + (i * 1000) / qps - context.clock.now());
      calls.push(await timed(url, context));
    }
  };
  await Promise.all(Array.from({ length: threads }, (_, index) => thread(index)));
  stdout(report(calls, Math.max(0.001, (context.clock.now() - start) / 1000)));
  return 0;
}

const within = (asked: number, most: number) => Math.min(most, Math.max(1, Math.trunc(asked) || 1));

function pause({ clock }: ContainerContext, milliseconds: number): Promise<void> {
  return new Promise((wake) => (milliseconds > 0 ? void clock.after(milliseconds, wake) : wake()));
}

async function timed(url: string, context: ContainerContext): Promise<Call> {
  const began = performance.now();
  const reply = await ask(url, context);
  return { code: reply?.status ?? -1, seconds: (performance.now() - began) / 1000 };
}

function report(calls: readonly Call[], seconds: number): string {
  const times = calls.map((call) => call.seconds).sort((a, b) => a - b);
  const total = times.reduce((sum, time) => sum + time, 0);
  const average = total / (times.length || 1);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  const codes = [...new Set(calls.map(({ code }) => code))].sort((a, b) => a - b);
  const shareOf = (code: number) => calls.filter((call) => call.code === code).length;
  return [
    `Ended after ${(seconds * 1000).toFixed(6)}ms : ${calls.length} calls. qps=${(calls.length / seconds).toPrecision(5)}`,
    `Aggregated Function Time : count ${calls.length} avg ${short(average)} +/- ${short(spread(times, average))} min ${short(times[0] ?? 0)} max ${short(times.at(-1) ?? 0)} sum ${short(total)}`,
    ...[50, 75, 90, 99, 99.9].map((percent) => `# target ${percent}% ${short(at(percent / 100))}`),
    ...codes.map(
      (code) =>
        `Code ${String(code).padStart(3)} : ${shareOf(code)} (${((100 * shareOf(code)) / calls.length).toFixed(1)} %)`,
    ),
    `All done ${calls.length} calls (plus 0 warmup) ${(average * 1000).toFixed(3)} ms avg, ${(calls.length / seconds).toFixed(1)} qps`,
    '',
  ].join('\n');
}

const short = (value: number) => String(Number(value.toPrecision(8)));

function spread(times: readonly number[], average: number): number {
  return Math.sqrt(times.reduce((sum, time) => sum + (time - average) ** 2, 0) / (times.length || 1));
}
