import type { FlagSpec } from '../flags.ts';
import { type Command, globalFlags } from './commands/command.ts';

export function overview(commands: Record<string, Command>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`);
  return `istioctl de Malla: los mandatos del curso, con las mismas opciones que el oficial.

Usage:
  istioctl [command]

Available Commands:
${lines.join('\n')}

Flags:
${flagLines(globalFlags)}
`;
}

export function helpOf(name: string, command: Command): string {
  return `${command.summary}

Usage:
  istioctl ${name} ${command.usage ?? '[flags]'}

Flags:
${flagLines(command.flags)}

Global Flags:
${flagLines(globalFlags)}
`;
}

function flagLines(flags: Record<string, FlagSpec>): string {
  return Object.entries(flags)
    .map(([name, { short, kind }]) => `  ${short ? `-${short}, ` : '    '}--${name}${kind === 'bool' ? '' : ' valor'}`)
    .join('\n');
}
