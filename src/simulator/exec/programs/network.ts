// nslookup and wget, as busybox has them.
import { addHeader } from '../../../mesh/repeated-headers.ts';
import { CallError } from '../../contract.ts';
import { resolvePath } from '../files.ts';
import type { Program } from '../program.ts';
import { define, ProgramError } from './define.ts';
import { addressOf } from './pod-network.ts';
import { callSecurely } from './pod-tls.ts';

const DNS = '10.96.0.10';

export const nslookup: Program = async ([host = ''], { machine, stdout }) => {
  const namespace = machine.pod.metadata.namespace ?? 'default';
  stdout(`Server:\t\t${DNS}\nAddress:\t${DNS}:53\n\n`);
  const address = addressOf(machine, host);
  if (address === undefined) {
    stdout(`** server can't find ${host}.${namespace}.svc.cluster.local: NXDOMAIN\n\n`);
    return 1;
  }
  const [name = '', where = namespace] = host.split('.');
  const full = /^\d/.test(host) ? host : `${name}.${where}.svc.cluster.local`;
  stdout(`Name:\t${full}\nAddress: ${address}\n\n`);
  return 0;
};

export const wget: Program = define(
  'wget',
  'qO:ST:U:cph:b:',
  async (options, streams) => {
    const { flags, values, rest } = options;
    const [target] = rest;
    const { context } = streams.machine;
    if (target === undefined || !context) throw new ProgramError('missing URL');
    const full = /^https?:\/\//.test(target) ? target : `http://${target}`;
    if (!URL.canParse(full)) throw new ProgramError(`bad address '${target}'`);
    const url = new URL(full);
    const secure = url.protocol === 'https:';
    const headers: Record<string, string> = { 'user-agent': values.get('U') ?? 'Wget', connection: 'close' };
    for (const line of options.all('h')) {
      const name = line.split(':')[0]?.toLowerCase() ?? '';
      addHeader(headers, name, line.slice(line.indexOf(':') + 1).trim(), 'request');
    }
    const body = values.get('b');
    if (!flags.has('q'))
      streams.stderr(
        `Connecting to ${url.host} (${addressOf(streams.machine, url.hostname) ?? url.hostname}:${url.port || (secure ? 443 : 80)})\n`,
      );
    if (secure) streams.stderr('wget: note: TLS certificate validation not implemented\n');
    const request = {
      method: body === undefined ? 'GET' : 'POST',
      path: `${url.pathname}${url.search}`,
      authority: url.host,
      headers,
      ...(body ? { body } : {}),
    };
    const asked = secure ? callSecurely(streams.machine, request, streams.signal) : context.call(request);
    const reply = await asked.catch((error: unknown) => {
      if (!(error instanceof CallError)) throw error;
      if (error.failure === 'dns') throw new ProgramError(`bad address '${url.host}'`);
      if (error.failure === 'refused') throw new ProgramError(`can't connect to remote host: Connection refused`);
      throw new ProgramError(error.failure === 'timeout' ? 'download timed out' : 'error getting response');
    });
    if (flags.has('S')) streams.stderr(`  HTTP/1.1 ${reply.status}\n`);
    if (reply.status >= 400) throw new ProgramError(`server returned error: HTTP/1.1 ${reply.status}`);
    const output = values.get('O');
    if (output === '-') streams.stdout(reply.body);
    else if (!flags.has('p')) {
      const name = output ?? (url.pathname.split('/').at(-1) || 'index.html');
      streams.machine.files.write(resolvePath(streams.cwd, name), Buffer.from(reply.body));
    }
  },
  {
    spider: 'p',
    header: 'h',
    'post-data': 'b',
    timeout: 'T',
    quiet: 'q',
    'output-document': 'O',
    'server-response': 'S',
  },
);
