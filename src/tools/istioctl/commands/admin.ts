// The levels of istiod's own log, by ControlZ (port 9876).
import { fields, items, text } from '../../../mesh/read.ts';
import { toYaml } from '../../kubectl/printing/serialise.ts';
import { ToolError } from '../../tool.ts';
import { columns } from '../proxy/columns.ts';
import { type PodPort, podRequest } from '../proxy/port-forward.ts';
import { runningIstiods } from '../proxy/running-istiods.ts';
import { type Command, type Invocation, istioNamespaceOf } from './command.ts';

const CONTROLZ = 9876;
const LEVELS = ['none', 'error', 'warn', 'info', 'debug'];

export const adminCommand: Command = {
  summary: 'Qué registra istiod: log [POD] [--level ÁMBITO:NIVEL] [--reset]',
  usage: 'log [POD]',
  flags: {
    ctrlz_port: { kind: 'text' },
    level: { kind: 'text' },
    'log-reset': { kind: 'bool' },
    output: { short: 'o', kind: 'text' },
    reset: { kind: 'bool' },
    revision: { short: 'r', kind: 'text' },
    'stack-trace-level': { kind: 'text' },
    'stack-trace-reset': { kind: 'bool' },
  },
  async run(invocation) {
    const { args, flags, streams } = invocation;
    const [action = '', wanted] = args;
    if (action !== 'log' && action !== 'l') throw new ToolError(`unknown command "${action}" for "istioctl admin"`);
    const target = await istiodOf(invocation, wanted);
    const changes = [
      ...readChanges(flags.text('level'), 'output_level'),
      ...readChanges(flags.text('stack-trace-level'), 'stack_trace_level'),
    ];
    const resets = [
      ...(flags.bool('reset') || flags.bool('log-reset') ? ['output_level'] : []),
      ...(flags.bool('reset') || flags.bool('stack-trace-reset') ? ['stack_trace_level'] : []),
    ];
    if (changes.length > 0) return change(invocation, target, changes);
    const scopes = items(JSON.parse(await podRequest(invocation, target, 'GET', 'scopej/')) as unknown).map(fields);
    if (resets.length > 0) {
      const all = scopes.flatMap(({ name }) =>
        resets.map((field) => ({ scope: text(name) ?? '', field, level: field === 'output_level' ? 'info' : 'none' })),
      );
      return change(invocation, target, all);
    }
    streams.stdout.write(shown(scopes, flags.text('output')));
    return 0;
  },
};

interface Change {
  scope: string;
  field: string;
  level: string;
}

/** `ads:debug,authn:info`. */
function readChanges(written: string | undefined, field: string): Change[] {
  return (written ?? '')
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [scope = '', level = '', more] = part.split(':');
      if (scope === '' || !LEVELS.includes(level) || more !== undefined)
        throw new ToolError(`pattern ${part} did not match \\s*[a-zA-Z0-9\\-.]+\\s*:\\s*(none|error|warn|info|debug)`);
      return { scope, field, level };
    });
}

async function istiodOf(invocation: Invocation, wanted: string | undefined): Promise<PodPort> {
  const namespace = istioNamespaceOf(invocation);
  const [first] = wanted === undefined ? await runningIstiods(invocation) : [wanted];
  if (first === undefined) throw new ToolError('no pods found');
  return { namespace, pod: first, port: Number(invocation.flags.text('ctrlz_port')) || CONTROLZ };
}

async function change(invocation: Invocation, target: PodPort, changes: readonly Change[]): Promise<number> {
  for (const { scope, field, level } of changes) {
    const body = JSON.stringify({ name: scope, [field]: level });
    try {
      await podRequest(invocation, target, 'PUT', `scopej/${encodeURIComponent(scope)}`, { body, accepts: [202] });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      throw new ToolError(`failed updating Scope ${scope}: ${error.message}`);
    }
  }
  return 0;
}

function shown(scopes: readonly Readonly<Record<string, unknown>>[], output: string | undefined): string {
  if (output === 'json') return `${JSON.stringify(scopes, undefined, 2)}\n`;
  if (output === 'yaml') return toYaml(scopes);
  if (output !== undefined && output !== 'short') throw new ToolError(`output format "${output}" not supported`);
  const rows = scopes
    .map((s) => [s.name, s.description, s.output_level, s.stack_trace_level].map((value) => text(value) ?? ''))
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return columns([['ACTIVE SCOPE', 'DESCRIPTION', 'LOG LEVEL', 'STACK TRACE LEVEL'], ...rows], 3);
}
