// The checks of the webhook on files, without a cluster.
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../mesh/objects.ts';
import { validate } from '../../../mesh/validation/validate.ts';
import { ToolError } from '../../tool.ts';
import type { Command } from './command.ts';
import { readInput } from './install.ts';

export const validateCommand: Command = {
  summary: 'Comprueba ficheros de Istio como lo haría el webhook, sin clúster',
  usage: '-f FICHERO',
  flags: {
    filename: { short: 'f', kind: 'list' },
    referential: { short: 'x', kind: 'bool' },
  },
  async run(invocation) {
    const { flags, streams, args } = invocation;
    const files = [...flags.list('filename'), ...args];
    if (files.length === 0) throw new ToolError('filename not specified (see --filename or -f)');
    const errors: string[] = [];
    for (const file of files) {
      const { warnings, problems } = validateText(await readInput(file, invocation));
      errors.push(...problems);
      if (warnings.length > 0) streams.stdout.write(`${JSON.stringify(file)} has warnings: \n${list(warnings)}\n`);
      else if (problems.length === 0) streams.stdout.write(`${JSON.stringify(file)} is valid\n`);
    }
    if (errors.length === 0) return 0;
    throw new ToolError(`${errors.length} error${errors.length === 1 ? '' : 's'} occurred:\n${list(errors)}\n`);
  },
};

function validateText(text: string): { warnings: string[]; problems: string[] } {
  const [warnings, problems]: [string[], string[]] = [[], []];
  for (const document of parseAllDocuments(text)) {
    const [syntax] = document.errors;
    if (syntax) {
      problems.push(syntax.message);
      continue;
    }
    const object = document.toJS() as KubeObject | null;
    if (!object || !String(object.apiVersion).includes('istio.io/')) continue;
    const { name = '', namespace = '' } = object.metadata ?? {};
    const shown = `${object.kind}/${namespace}/${name}`;
    const found = validate(object);
    problems.push(...found.errors.map((e) => `${shown}: ${e}`));
    warnings.push(...found.warnings.map((w) => `${shown}: ${w}`));
  }
  return { warnings, problems };
}

const list = (lines: readonly string[]) => lines.map((line) => `\t* ${line}\n`).join('');
