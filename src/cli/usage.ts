// Commander in Spanish: its help headings and the errors of a wrong call.
import type { Command, CommanderError, Option } from 'commander';
import type { Host } from './host.ts';

const headings: Record<string, string> = {
  'Usage:': 'Uso:',
  'Arguments:': 'Argumentos:',
  'Options:': 'Opciones:',
  'Commands:': 'Verbos:',
  'Global Options:': 'Opciones generales:',
};

/** Configures a command, and those made from it, to write to the host, throw instead of exiting and speak Spanish. */
export function spanishHelp(command: Command, host: Host): Command {
  return command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      // The message comes from usageMessage, once.
      outputError: () => {},
    })
    .configureHelp({
      styleTitle: (title) => headings[title] ?? title,
      showGlobalOptions: true,
      optionDescription: describeOption,
      argumentDescription: ({ description, argChoices }) =>
        argChoices ? `${description}: ${argChoices.join(', ')}` : description,
    })
    .helpOption('-h, --help', 'muestra esta ayuda')
    .helpCommand('help [verbo]', 'muestra la ayuda de un verbo');
}

function describeOption({ description, defaultValue }: Option): string {
  const told = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  return told && defaultValue !== '' ? `${description} (por defecto, ${defaultValue})` : description;
}

/** What is wrong with the call and how to go on, from commander's own error. */
export function usageMessage(error: CommanderError): string {
  const named = /'([^']+)'/.exec(error.message)?.[1] ?? '';
  const what =
    {
      'commander.unknownCommand': `no existe el verbo «${named}»`,
      'commander.unknownOption': `no existe la opción «${named}»`,
      'commander.missingArgument': `falta el argumento «${named}»`,
      'commander.optionMissingArgument': `a la opción «${named}» le falta su valor`,
      'commander.excessArguments': 'sobran argumentos, o ese verbo no existe',
      'commander.help': 'falta decir qué hacer',
      'commander.invalidArgument': invalidValue(error.message),
    }[error.code] ?? error.message;
  return `MALLA-USO-01: ${what}. Escribe «malla --help» para ver los verbos y sus opciones.`;
}

/** A value that an option or an argument refuses: which, and why in the words of whoever refuses it. */
function invalidValue(message: string): string {
  const ofOption = /^error: option '([^']+)' argument '(.*)' is invalid\.\s*(.*?)\.?$/s.exec(message);
  const ofArgument = /^error: command-argument value '(.*)' is invalid for argument '([^']+)'\.\s*(.*?)\.?$/s.exec(
    message,
  );
  const [value, place, why = ''] = ofOption
    ? [ofOption[2], ofOption[1], ofOption[3]]
    : [ofArgument?.[1], ofArgument?.[2], ofArgument?.[3]];
  if (value === undefined) return message;
  return `«${value.slice(0, 80)}» no vale para ${place}. ${why.replace(/^Allowed choices are/, 'Puede ser:')}`;
}
