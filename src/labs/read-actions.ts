// The actions of a lab: fences that create a file, run commands or answer a check.
import type { Token } from 'markdown-it';
import { readFenceInfo } from './fence-info.ts';
import type { Action, Program } from './lab.ts';
import type { Reader } from './reader.ts';
import { splitWords } from './words.ts';

const programs: readonly string[] = ['kubectl', 'istioctl', 'curl', 'malla'];
const shown = 'kubectl, istioctl, curl y malla ssh MÁQUINA -- ORDEN';

/** Files and commands in the fences of `tokens`, in order. With `quiet` the list does not matter, only its problems. */
export function actionsIn(tokens: Token[], step: string, reader: Reader, quiet = false): Action[] {
  const actions: Action[] = [];
  for (const token of tokens) {
    if (token.type !== 'fence') continue;
    const info = readFenceInfo(token.info);
    const line = (token.map?.[0] ?? 0) + 1;
    if (quiet && token.level > 0) continue;
    if (info.values.fichero !== undefined) actions.push(...fileAction(info.values, token.content, line, reader));
    else if (info.values.respuesta !== undefined) {
      const text = token.content.trim();
      actions.push({ type: 'answer', lab: reader.lab, step, check: info.values.respuesta, text, line });
    } else if (info.flags.includes('ejecutar')) actions.push(...commandActions(token.content, line, reader));
  }
  return actions;
}

function fileAction(
  values: Record<string, string>,
  content: string,
  line: number,
  { problems, samples }: Reader,
): Action[] {
  const { fichero: path = '', muestra } = values;
  if (!/^[\w][\w.-]*(\/[\w][\w.-]*)*$/.test(path)) {
    problems.add(
      'MALLA-LAB-10',
      line,
      `«${path}» no vale como fichero.`,
      'Usa un camino relativo sin «..», como reviews-90-10.yaml.',
    );
    return [];
  }
  if (muestra === undefined) return [{ type: 'file', path, content, line }];
  const sample = samples(muestra);
  if (sample === undefined) {
    problems.add('MALLA-LAB-11', line, `No existe la muestra «${muestra}».`, 'Mira los nombres que hay en samples/.');
    return [];
  }
  return [{ type: 'file', path, content: sample, line }];
}

function commandActions(content: string, line: number, { problems }: Pick<Reader, 'problems'>): Action[] {
  return content.split('\n').flatMap((text, i): Action[] => {
    if (text.trim() === '') return [];
    const result = splitWords(text);
    const at = line + 1 + i;
    if ('problem' in result) {
      problems.add(
        'MALLA-LAB-12',
        at,
        `Una orden que se ejecuta no puede llevar ${result.problem}.`,
        'Escribe una orden por línea, sin tuberías, variables ni comodines; o quita «ejecutar» para que solo se muestre.',
      );
      return [];
    }
    const [program = '', ...args] = result.words;
    if (!programs.includes(program) || (program === 'malla' && !isSsh(args))) {
      problems.add(
        'MALLA-LAB-13',
        at,
        `«${program === 'malla' ? result.words.slice(0, 2).join(' ') : program}» no está entre los programas que un laboratorio puede ejecutar.`,
        `Usa ${shown}; o quita «ejecutar» para que solo se muestre.`,
      );
      return [];
    }
    return [{ type: 'run', argv: [program as Program, ...args], line: at }];
  });
}

/** `ssh MACHINE -- words…`: nothing else of Malla's is a lab's to run. */
function isSsh([verb, machine = '', dashes, ...words]: readonly string[]): boolean {
  return verb === 'ssh' && /^[a-z]+$/.test(machine) && dashes === '--' && words.length > 0;
}
