import type { FlagSpec } from '../flags.ts';
import { type Command, globalFlags } from './session.ts';

export function overview(commands: Record<string, Command>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`);
  return `kubectl de Malla: los mandatos del curso, con las mismas opciones que el oficial.

Mandatos:
${lines.join('\n')}

Uso:
  kubectl [mandato] [argumentos] [opciones]

«kubectl <mandato> --help» dice sus opciones.
`;
}

export function helpOf(name: string, command: Command): string {
  return `${command.summary}

Uso:
  kubectl ${name} [argumentos] [opciones]

Opciones:
${flagLines({ ...command.flags, ...globalFlags })}
`;
}

function flagLines(flags: Record<string, FlagSpec>): string {
  return Object.entries(flags)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { short, kind }]) => `    ${short ? `-${short}, ` : ''}--${name}${kind === 'bool' ? '' : '=valor'}`)
    .join('\n');
}
