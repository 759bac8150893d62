// What the YAML parser does not understand, in our own words.
import type { YAMLError } from 'yaml';
import { t } from '../say.ts';
import type { Fix, Problem } from './problem.ts';
import type { WrittenDocument } from './written-document.ts';

/** Of one document; beyond that one mistake only repeats itself. */
const MOST = 10;

export function syntaxProblems(written: WrittenDocument): Problem[] {
  const { errors, warnings } = written.document;
  return [
    ...errors.slice(0, MOST).map((error) => problemOf(written, error, 'error')),
    ...warnings.slice(0, MOST).map((warning) => problemOf(written, warning, 'warning')),
  ];
}

function problemOf(written: WrittenDocument, error: YAMLError, severity: 'error' | 'warning'): Problem {
  const [start, end] = error.pos;
  const lineEnd = written.part.text.indexOf('\n', start);
  const last = Math.max(start + 1, Math.min(end, lineEnd === -1 ? written.part.text.length : lineEnd));
  const said = error.message.split('\n')[0] ?? '';
  const message = sentences[error.code]?.() ?? t('El YAML no se entiende: {0}', said.replace(/ at line \d+.*$/, ''));
  return {
    range: written.range([start, last]),
    severity,
    code: 'MALLA-YML-01',
    message,
    fixes: error.code === 'TAB_AS_INDENT' ? [tabsFix(written)] : [],
  };
}

function tabsFix(written: WrittenDocument): Fix {
  const edits = [...written.part.text.matchAll(/^[ \t]*\t[ \t]*/gm)].map(({ index, 0: indentation }) =>
    written.edit([index, index + indentation.length], indentation.replaceAll('\t', '  ')),
  );
  return { title: t('Cambiar los tabuladores por dos espacios'), edits, preferred: true };
}

const sentences: Partial<Record<YAMLError['code'], () => string>> = {
  TAB_AS_INDENT: () => t('En YAML no se puede sangrar con tabuladores: usa espacios.'),
  DUPLICATE_KEY: () => t('Esta clave está dos veces en el mismo objeto.'),
  BAD_INDENT: () => t('El sangrado no encaja: los elementos de un mismo objeto empiezan en la misma columna.'),
  MISSING_CHAR: () => t('Falta un signo: una comilla, una llave o un corchete que se abrió no se cierra.'),
  BLOCK_AS_IMPLICIT_KEY: () => t('Aquí sobra «clave: valor»: la línea anterior ya tiene un valor, o falta sangrar.'),
  BLOCK_IN_FLOW: () => t('Dentro de llaves o corchetes no se puede escribir por líneas con guiones.'),
  BAD_ALIAS: () => t('Este alias (*nombre) no tiene un ancla (&nombre) antes.'),
  MULTILINE_IMPLICIT_KEY: () => t('Falta «:» después de esta clave, o la línea siguiente está mal sangrada.'),
  UNEXPECTED_TOKEN: () => t('Esto no puede ir aquí: mira el sangrado y los signos de la línea.'),
  MULTIPLE_DOCS: () => t('Aquí empieza otro documento.'),
  BAD_SCALAR_START: () => t('Un valor no puede empezar así: ponlo entre comillas.'),
  IMPOSSIBLE: () => t('El YAML no se entiende aquí.'),
};
