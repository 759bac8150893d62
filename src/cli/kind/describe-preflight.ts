// The check of the machine, for people.
import type { Finding, Preflight } from '../../cluster/kind/preflight.ts';
import type { Paint } from '../style.ts';

export function describePreflight({ findings, nodes }: Preflight, paint: Paint): string {
  const lines = findings.map((finding) => describe(finding, paint)).join('');
  const many = nodes === 1 ? 'un nodo' : 'tres nodos';
  return `${lines}Para esta máquina: ${many}.\n`;
}

function describe({ level, title, code, means, cure }: Finding, paint: Paint): string {
  if (level === 'bien') return `${paint('green', '✔')} ${title}\n`;
  const mark = level === 'grave' ? paint('red', '✘') : paint('yellow', '!');
  return `${mark} ${title}  ${paint('dim', code ?? '')}\n    ${means ?? ''}\n    Qué hacer: ${cure ?? ''}\n`;
}
