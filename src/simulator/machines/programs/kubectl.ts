// kubectl on a machine: Malla's own, with the machine's files in place of those of the computer it really runs on.
import { PassThrough, Readable, type Writable } from 'node:stream';
import { parse } from 'yaml';
import { kubectl as tool } from '../../../tools/kubectl/kubectl.ts';
import { resolvePath } from '../../exec/files.ts';
import type { Program, ProgramStreams } from '../../exec/program.ts';
import { type HostMachine, textOf } from '../host-machine.ts';

/** Options that name files of the machine, which the tool would look for elsewhere, and other servers. */
const FILE_OPTIONS =
  /^(-s|--server|-k|--kustomize|--from-file|--from-env-file|--cert|--key|--cache-dir|--certificate-authority|--client-key|--client-certificate|--patch-file)(=|$)/;
/** Words after which everything belongs to another program. */
const FILE_VERBS = ['cp', 'config', 'kustomize', 'edit'];

export const kubectl =
  (host: HostMachine, real: () => string): Program =>
  async (argv, streams) => {
    const { words, config } = withoutKubeconfig(argv);
    const path = config ?? streams.env.KUBECONFIG ?? '/root/.kube/config';
    const text = textOf(host, resolvePath(streams.cwd, path));
    if (text === undefined && config !== undefined) {
      streams.stderr(`error: stat ${config}: no such file or directory\n`);
      return 1;
    }
    const own = words.slice(0, words.includes('--') ? words.indexOf('--') : words.length);
    if (text === undefined && !['version', 'help'].includes(own[0] ?? '')) {
      streams.stderr(
        'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
      );
      return 1;
    }
    const refused = own.find((w) => FILE_OPTIONS.test(w)) ?? own.find((w, i) => i === 0 && FILE_VERBS.includes(w));
    if (refused !== undefined) {
      streams.stderr(`error: «kubectl ${refused}» no está en las máquinas simuladas; úsalo en tu terminal\n`);
      return 1;
    }
    const server = text === undefined ? undefined : serverOf(text);
    const given = fileGiven(host, own, streams);
    if ('problem' in given) {
      streams.stderr(given.problem);
      return 1;
    }
    const [stdout, stderr] = [sink(streams.stdout), sink((chunk) => streams.stderr(readable(chunk, server)))];
    const stdin =
      given.content === undefined ? Readable.from(streams.stdin) : Readable.from([Buffer.from(given.content)]);
    const code = await tool([...given.words, ...words.slice(own.length)], {
      streams: { stdin, stdout, stderr },
      env: { KUBECONFIG: real(), HOME: '/nonexistent', TERM: 'dumb' },
      cwd: '/',
      signal: streams.signal,
    });
    await streams.drained();
    return code;
  };

function withoutKubeconfig(argv: readonly string[]): { words: string[]; config?: string } {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const at = argv.findIndex((word, i) => i < end && /^--kubeconfig(=|$)/.test(word));
  if (at < 0) return { words: [...argv] };
  const [, value] = (argv[at] ?? '').split(/=(.*)/s);
  const config = value ?? argv[at + 1] ?? '';
  return { words: argv.filter((_, i) => i !== at && (value !== undefined || i !== at + 1)), config };
}

type Given = { words: string[]; content?: string } | { problem: string };

/** A file of the machine goes in as standard input. */
function fileGiven(host: HostMachine, words: readonly string[], { cwd }: ProgramStreams): Given {
  const contents: string[] = [];
  const kept: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const [, joined] = /^(?:-f=?|--filename=)(.+)$/.exec(word) ?? [];
    if (joined === undefined && word !== '-f' && word !== '--filename') {
      kept.push(word);
      continue;
    }
    // `logs -f` takes no value.
    if (joined === undefined && ['logs', 'log'].includes(words[0] ?? '')) {
      kept.push(word);
      continue;
    }
    const file = joined ?? words[++i] ?? '';
    if (file === '-') return { words: [...words] };
    if (/^https?:/.test(file)) {
      const name = URL.canParse(file) ? new URL(file).hostname : file;
      return { problem: `error: unable to read URL "${file}", dial tcp: lookup ${name}: no such host\n` };
    }
    const text = textOf(host, resolvePath(cwd, file));
    if (text === undefined) return { problem: `error: the path "${file}" does not exist\n` };
    contents.push(text);
  }
  if (contents.length === 0) return { words: kept };
  return { words: [...kept, '-f', '-'], content: contents.join('\n---\n') };
}

function serverOf(kubeconfig: string): string | undefined {
  try {
    const { clusters } = parse(kubeconfig, { maxAliasCount: 0 }) as { clusters?: { cluster?: { server?: string } }[] };
    return clusters?.[0]?.cluster?.server;
  } catch {
    return undefined;
  }
}

/** The machine knows the API by its own address, not by the port that stands for it. */
function readable(chunk: Uint8Array, server: string | undefined): string {
  const text = Buffer.from(chunk).toString('utf8');
  const address = (server ?? 'https://192.168.56.10:6443').replace(/^https:\/\//, '');
  return text.replace(/127\.0\.0\.1:\d+/g, address);
}

function sink(write: (chunk: Uint8Array) => void): Writable {
  const own = Object.create(new PassThrough()) as PassThrough;
  own.write = ((chunk: string | Uint8Array) => {
    write(Buffer.from(chunk));
    return true;
  }) as PassThrough['write'];
  return own;
}
