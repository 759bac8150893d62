// What can go wrong with a call of another program, with its command and the end of what it wrote.
import { CodedError } from '../coded-error.ts';

export type ProgramTrouble =
  | 'no existe'
  | 'no ejecutable'
  | 'código'
  | 'señal'
  | 'tiempo'
  | 'cancelado'
  | 'demasiada salida';

export interface ProgramFailure {
  trouble: ProgramTrouble;
  /** As one would type it: printCommand. */
  command: string;
  stdout: string;
  stderr: string;
  /** When it ended by itself. */
  exitCode?: number;
  /** What only this trouble has to say: a signal's name, seconds, megabytes. */
  detail?: string;
  cause?: unknown;
}

const codes = {
  'no existe': 'MALLA-PRG-01',
  'no ejecutable': 'MALLA-PRG-02',
  código: 'MALLA-PRG-03',
  señal: 'MALLA-PRG-04',
  tiempo: 'MALLA-PRG-05',
  cancelado: 'MALLA-PRG-06',
  'demasiada salida': 'MALLA-PRG-07',
} as const satisfies Record<ProgramTrouble, string>;

export class ProgramError extends CodedError {
  readonly trouble: ProgramTrouble;
  readonly command: string;
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;

  constructor(failure: ProgramFailure) {
    const { trouble, command, stdout, stderr, exitCode, cause } = failure;
    super({ code: codes[trouble], ...textsOf(failure), ...(cause === undefined ? {} : { cause }) });
    this.name = 'ProgramError';
    this.trouble = trouble;
    this.command = command;
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

/** One line, with the words quoted as a shell would need them. For people: nothing runs it. */
export function printCommand(program: string, args: readonly string[]): string {
  return [program, ...args].map(quote).join(' ');
}

/** The last lines of what a program wrote, without colours or control characters: at most 12 lines and 1500 letters. */
export function tailOf(text: string, lines = 12): string {
  const last = withoutControls(text.slice(-20_000)).trimEnd().split('\n').slice(-lines).join('\n').trim();
  return last.length > 1500 ? `…${last.slice(-1500)}` : last;
}

/** Terminal escapes and control characters out; tabs and ends of line stay, and what `\r` overwrites goes. */
export function withoutControls(text: string): string {
  const lines = text.replace(escapes, '').replaceAll('\r\n', '\n').split('\n');
  // No regular expression over the whole: on a megabyte without an end of line it would take its square.
  return lines.map((line) => line.slice(line.lastIndexOf('\r') + 1).replace(/[^\P{Cc}\t]/gu, '')).join('\n');
}

const [esc, bell] = [String.fromCharCode(27), String.fromCharCode(7)];
/** With bounds: node:util's own takes seconds for a few thousand escapes that have no end. */
const escapes = new RegExp(
  `${esc}(?:\\[[0-?]{0,40}[ -/]{0,8}[@-~]|\\][^${bell}${esc}]{0,400}(?:${bell}|${esc}\\\\)|[@-Z_])`,
  'g',
);

function textsOf({ trouble, command, exitCode, detail, stdout, stderr }: ProgramFailure) {
  const wrote = tailOf(stderr) || tailOf(stdout);
  const said = wrote === '' ? ' No escribió nada.' : ` Lo último que escribió:\n${wrote}`;
  switch (trouble) {
    case 'no existe':
      return {
        happened: `No existe el programa de «${command}», o no existe la carpeta en la que tenía que trabajar.`,
        expected: 'Un programa instalado en esta máquina.',
        todo: 'Comprueba que está instalado y que su carpeta está en PATH; «malla kind herramientas» dice los que faltan.',
      };
    case 'no ejecutable':
      return {
        happened: `No se puede ejecutar «${command}»${detail ? `: ${detail}` : ''}.`,
        expected: 'Un programa de este sistema y de este procesador, con permiso de ejecución.',
        todo: 'Comprueba sus permisos («ls -l») y que es la versión para tu sistema; si hace falta, instálalo otra vez.',
      };
    case 'código':
      return {
        happened: `«${command}» ha terminado con el código ${exitCode}.${said}`,
        expected: 'Que terminara bien, con el código 0.',
        todo: 'Lee lo que dice el programa. Puedes repetir esa orden a mano para ver el fallo entero.',
      };
    case 'señal':
      return {
        happened: `Algo ha matado a «${command}»${detail ? ` (${detail})` : ''}.${said}`,
        expected: 'Que terminara por sí mismo.',
        todo: 'Mira si la máquina se queda sin memoria, o si alguien lo paró; luego repite la orden.',
      };
    case 'tiempo':
      return {
        happened: `«${command}» no ha terminado en ${detail}: Malla lo ha parado.${said}`,
        expected: 'Que terminara antes de ese plazo.',
        todo: 'Mira si la máquina está muy ocupada o si el programa espera algo; luego repite la orden.',
      };
    case 'cancelado':
      return {
        happened: `Se ha cancelado «${command}».`,
        expected: 'Que terminara por sí mismo.',
        todo: 'Repite la orden cuando quieras.',
      };
    case 'demasiada salida':
      return {
        happened: `«${command}» ha escrito más de ${detail}: Malla lo ha parado.`,
        expected: 'Una salida de tamaño razonable.',
        todo: 'Comprueba que ese programa es el que crees: este no se comporta como se espera.',
      };
  }
}

function quote(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
