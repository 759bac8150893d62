// rubrica.yaml → Rubric. Never throws: what is wrong is told with its line and its cure, all at once.
import { isMap, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { spanishIssue, withoutAliases } from '../../labs/front-matter.ts';
import { createProblems, type Problem, type Problems } from '../../labs/problem.ts';
import { type CourseOutline, checkAgainstCourse } from './against-course.ts';
import { type PlaceOf, placeIn } from './place.ts';
import { type Rubric, rubricSchema } from './rubric.ts';

export const largestRubric = 256 * 1024;

export interface ReadRubric {
  /** There even with problems of the course, when its own form is right. */
  rubric?: Rubric;
  problems: Problem[];
}

/** `file` is as it is shown. Without a course, names of labs and checks are not looked up. */
export function readRubric(text: string, file: string, course?: CourseOutline): ReadRubric {
  const problems = createProblems(file);
  if (text.length > largestRubric) {
    problems.add(
      'MALLA-RUB-02',
      1,
      'El fichero pasa de 256 KB.',
      'Una rúbrica cabe de sobra: comprueba que es la tuya.',
    );
    return { problems: problems.all };
  }
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const told = new Set<number>();
  for (const { code, pos } of document.errors.slice(0, 20)) {
    const at = counter.linePos(pos[0]);
    // One slip often makes the parser complain twice of the same line.
    if (told.has(at.line)) continue;
    told.add(at.line);
    problems.add('MALLA-RUB-01', at.line, `No es YAML válido: ${yamlFault(code)}.`, 'Corrige esa línea.', at.col);
  }
  if (document.errors.length > 0) return { problems: problems.all };
  const written = withoutAliases(document);
  if (!isMap(document.contents) || written === undefined) {
    problems.add(
      'MALLA-RUB-02',
      1,
      isMap(document.contents) ? 'Usa alias de YAML (&, *).' : 'No es una lista de campos «clave: valor».',
      'Empieza por «formato: malla-rubrica/1», y escribe cada valor donde hace falta.',
    );
    return { problems: problems.all };
  }
  const place = placeIn(document, counter);
  const result = rubricSchema.safeParse(written);
  if (!result.success) {
    for (const issue of result.error.issues) addIssue(problems, issue, place);
    return { problems: problems.all };
  }
  checkDates(result.data, problems, place);
  if (course) checkAgainstCourse(result.data, course, problems, place);
  return { rubric: result.data, problems: problems.all };
}

function addIssue(problems: Problems, issue: z.core.$ZodIssue, place: PlaceOf): void {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const { line, column } = place(path);
  const where =
    issue.path.length === 0 ? '' : `${issue.path.map((p) => (typeof p === 'number' ? p + 1 : String(p))).join('.')}: `;
  problems.add('MALLA-RUB-03', line, `${where}${spanishIssue(issue)}.`, cureOf(issue), column);
}

function cureOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return 'Quítalo o corrige su nombre; los campos que hay están en docs/instructores.md.';
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'Añade ese campo.';
  return 'Cambia el valor de esa línea.';
}

function checkDates({ entrega, examen }: Rubric, problems: Problems, place: PlaceOf): void {
  const add = (path: readonly PropertyKey[], message: string, cure: string): void => {
    const { line, column } = place(path);
    problems.add('MALLA-RUB-07', line, message, cure, column);
  };
  if (examen && Date.parse(examen.desde) >= Date.parse(examen.hasta))
    add(['examen', 'hasta'], 'El examen se cierra antes de abrirse.', 'Pon en «hasta» una hora posterior a «desde».');
  if (examen && entrega && Date.parse(entrega.hasta) < Date.parse(examen.hasta))
    add(
      ['entrega', 'hasta'],
      'El plazo de entrega acaba antes que el examen.',
      'Quita «entrega.hasta» o pon la hora en que se cierra el examen, o una posterior.',
    );
  for (const [student, own] of Object.entries(entrega?.prorrogas ?? {}))
    if (entrega && Date.parse(own) < Date.parse(entrega.hasta))
      add(
        ['entrega', 'prorrogas', student],
        `La prórroga de «${student}» acaba antes que el plazo de todos.`,
        'Pon una fecha posterior a «hasta», o quítala.',
      );
}

/** The parser's codes that people meet, in Spanish. */
function yamlFault(code: string): string {
  const known: Record<string, string> = {
    DUPLICATE_KEY: 'esa clave está dos veces',
    TAB_AS_INDENT: 'las sangrías van con espacios, no con tabuladores',
    BAD_INDENT: 'la sangría no cuadra con la de arriba',
    MISSING_CHAR: 'falta una comilla, un corchete o dos puntos',
    MULTIPLE_DOCS: 'hay más de un documento',
    BLOCK_AS_IMPLICIT_KEY: 'hay dos «clave: valor» en la misma línea',
  };
  return known[code] ?? code;
}
