import { type Fields, type Findings, fields, quoted, texts } from './findings.ts';

export function validateHeaderOperations(headers: Fields, findings: Findings): void {
  for (const side of ['request', 'response']) {
    const { set, add, remove } = fields(headers[side]);
    for (const name of [...Object.keys(fields(add)), ...Object.keys(fields(set))])
      findings.error(nameProblem(name, side === 'request'));
    for (const name of texts(remove)) findings.error(nameProblem(name, false));
  }
}

function nameProblem(name: string, authorityAllowed: boolean): string | undefined {
  if (name === '') return 'header name cannot be empty';
  if (authorityAllowed && /^(:authority|host)$/i.test(name)) return undefined;
  if (/^host$/i.test(name)) return `invalid header ${quoted(name)}: cannot set Host header`;
  return name.startsWith(':') ? `invalid header ${quoted(name)}: header cannot have ":" prefix` : undefined;
}
