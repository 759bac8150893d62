// The fence `yaml comprobaciones` of a step.
import type { Token } from 'markdown-it';
import { LineCounter, parseDocument } from 'yaml';
import { readCheck } from './check-schema.ts';
import { spanishIssue, withoutAliases } from './front-matter.ts';
import type { CheckDeclaration } from './lab.ts';
import type { Reader } from './reader.ts';

export function readChecks(fence: Token, { problems }: Pick<Reader, 'problems'>): CheckDeclaration[] {
  const first = (fence.map?.[0] ?? 0) + 2;
  const counter = new LineCounter();
  const document = parseDocument(fence.content, { lineCounter: counter });
  for (const error of document.errors) {
    const at = counter.linePos(error.pos[0]);
    problems.add(
      'MALLA-LAB-14',
      first + at.line - 1,
      `Las comprobaciones no son YAML válido: ${error.code}.`,
      'Corrige la sintaxis de esa línea.',
      at.col,
    );
  }
  if (document.errors.length > 0) return [];
  const list = withoutAliases(document);
  if (list === undefined) {
    problems.add(
      'MALLA-LAB-14',
      first,
      'Las comprobaciones usan alias de YAML (&, *).',
      'Escribe cada valor donde hace falta.',
    );
    return [];
  }
  if (!Array.isArray(list)) {
    problems.add('MALLA-LAB-14', first, 'Las comprobaciones deben ser una lista.', 'Empieza cada una con «- id: …».');
    return [];
  }
  return list.flatMap((item, i): CheckDeclaration[] => {
    const range = (document.getIn([i], true) as { range?: [number, number, number] } | undefined)?.range;
    const line = first + (range ? counter.linePos(range[0]).line - 1 : 0);
    const result = readCheck(item, line);
    if ('declaration' in result) return [result.declaration];
    for (const issue of result.issues) {
      problems.add(
        'MALLA-LAB-15',
        line,
        `Comprobación ${i + 1}, ${issue.path.join('.') || 'el conjunto'}: ${spanishIssue(issue)}.`,
        'Mira las clases de comprobación y sus campos en docs/comprobaciones.',
      );
    }
    return [];
  });
}
