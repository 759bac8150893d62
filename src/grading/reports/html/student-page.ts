// What one student reads of their work: the mark and where each point comes from, what is not right and why, the line of
// their YAML, and how to go on. Nobody else is in it, and nothing that the rubric does not let them see yet.
import { catalogue } from '../../../diagnosis/catalogue.ts';
import type { CatalogueEntry } from '../../../diagnosis/codes/entry.ts';
import type { ClassResult, StudentCheck, StudentResult } from '../../class/class-result.ts';
import { shows } from '../../rubric/visibility.ts';
import { codeBlock } from './code-block.ts';
import { htmlDocument } from './document.ts';
import { type Markup, markup } from './markup.ts';
import { fixed, gradeWords, markText, moment, number, stateWords } from './words.ts';

/** `all`: for the teacher, who sees everything. */
export function studentPage(
  student: StudentResult,
  { rubric, at, malla, labs: course }: ClassResult,
  all = false,
): string {
  const visible = (check: StudentCheck): StudentCheck['visible'] => (all ? 'evidencia' : check.visible);
  const shown = student.checks.filter((c) => shows(visible(c), 'nombre'));
  const hidden = student.checks.length - shown.length;
  const labs = [...Map.groupBy(shown, (c) => c.lab)];
  const body = markup`<main>
<h1>${rubric.title}</h1>
<p class="soft">${student.name === '' ? student.code : `${student.name} (${student.code})`}</p>
<dl class="facts"><div><dt>${hidden > 0 ? 'Nota provisional' : 'Nota'}</dt><dd>${markText(student.mark, rubric.outOf, rubric.decimals)}</dd></div>
<div><dt>Estado</dt><dd>${gradeWords[student.state]}</dd></div>
${student.handedIn !== undefined && markup`<div><dt>Entregada</dt><dd class="small">${moment(student.handedIn)}</dd></div>`}</dl>
${noticesOf(student)}
${accountSection(student, hidden > 0)}
${labs.map(([lab, checks]) => labSection(course.find((l) => l.lab === lab) ?? { lab, title: lab, versions: [], steps: [] }, checks, visible))}
${questionsSection(student)}
${hidden > 0 && markup`<p class="soft">${hidden === 1 ? 'Hay una comprobación que se verá' : `Hay ${hidden} comprobaciones que se verán`} después del plazo.</p>`}
<footer><p>Hecho con Malla ${malla}, ${moment(at)}. La nota sale de repetir tu entrega en un clúster nuevo y simulado. Si crees que hay un error, dilo a quien te califica: se puede repetir y da lo mismo.</p></footer>
</main>`;
  return htmlDocument(`${rubric.title}: ${student.code}`, body);
}

function noticesOf({ submissions }: StudentResult): Markup | false {
  const problems = submissions.flatMap((s) => s.problems).filter((p) => p.severity !== 'nota');
  if (problems.length === 0) return false;
  return markup`<section aria-labelledby="avisos"><h2 id="avisos">Avisos de tu entrega</h2><ul>${problems.map((p) => markup`<li>${p.message} <code>${p.code}</code></li>`)}</ul></section>`;
}

function accountSection({ lines, mark }: StudentResult, partly: boolean): Markup | false {
  if (lines.length === 0 || partly) return false;
  const rows = lines.map(
    (l) =>
      markup`<tr><th scope="row">${l.title}${l.lab !== undefined && markup`<span class="group">${l.lab}</span>`}${l.reason !== undefined && markup`<span class="group">${l.reason}</span>`}</th><td class="n">${l.worth === undefined ? '' : fixed(l.worth, 2)}</td><td class="n">${fixed(l.points, 2)}</td></tr>\n`,
  );
  return markup`<section aria-labelledby="cuenta"><h2 id="cuenta">De dónde sale la nota</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Cuenta de la nota"><table><thead><tr><th scope="col">Qué</th><th scope="col" class="n">Vale</th><th scope="col" class="n">Puntos</th></tr></thead>
<tbody>${rows}<tr class="total"><th scope="row">Nota</th><td></td><td class="n">${mark === undefined ? '—' : fixed(mark, 2)}</td></tr></tbody></table></div></section>`;
}

function labSection(
  { lab, title, steps }: ClassResult['labs'][number],
  checks: readonly StudentCheck[],
  visible: (c: StudentCheck) => StudentCheck['visible'],
): Markup {
  return markup`<section aria-labelledby="lab-${lab}"><h2 id="lab-${lab}">${title}</h2>
${[...Map.groupBy(checks, (c) => c.step)].map(
  ([step, own]) =>
    markup`<h3>${steps.find((s) => s.step === step)?.title ?? step}</h3>${own.map((check) => checkItem(check, visible(check)))}`,
)}</section>`;
}

function checkItem(check: StudentCheck, visible: StudentCheck['visible']): Markup {
  const { word, sign, kind } = stateWords[check.state];
  return markup`<article class="check k-${kind}"><h4><span class="state ${kind}">${sign} ${word}</span> · ${check.title}</h4>
${check.decided && markup`<p><strong>Decidido por quien califica:</strong> ${check.decided.right === undefined ? 'no cuenta' : check.decided.right ? 'vale como correcta' : 'no vale'}. ${check.decided.reason}</p>`}
${check.state !== 'correcto' && shows(visible, 'motivo') && reasonOf(check)}
${shows(visible, 'evidencia') && evidenceOf(check)}</article>`;
}

function reasonOf(check: StudentCheck): Markup {
  const { cause, message, expected, observed, excerpt, claimed, state } = check;
  return markup`${message !== undefined && markup`<p>${message}</p>`}
${cause && markup`<p><strong>Por qué:</strong> ${cause.message}. <code>${cause.code}</code></p>`}
${expected !== undefined && markup`<p><strong>Se esperaba:</strong> <span class="pre">${expected}</span></p>`}
${observed !== undefined && markup`<p><strong>Se observa:</strong> <span class="pre">${observed}</span></p>`}
${state === 'falta' && markup`<p>No está en tu entrega: este paso no se llegó a verificar o no se guardó.</p>`}
${claimed !== undefined && claimed !== state && markup`<p class="soft">Tu entrega dice «${claimed}»; al repetirla sale otra cosa, y cuenta lo que sale al repetirla.</p>`}
${excerpt && markup`<p class="small soft">En <code>${excerpt.file}</code>, línea ${excerpt.line}:</p>${codeBlock(`${excerpt.file}, desde la línea ${excerpt.from}`, excerpt.lines, excerpt.from, [excerpt.line])}`}
<p><strong>Cómo seguir:</strong> ${howToGoOn(check)}</p>`;
}

function howToGoOn({ cause, lab, step, state }: StudentCheck): Markup {
  const known: CatalogueEntry | undefined =
    cause && Object.hasOwn(catalogue, cause.code)
      ? (catalogue as Record<string, CatalogueEntry>)[cause.code]
      : undefined;
  const hint = state === 'no verificable' ? 'No te resta. ' : cause ? `${cause.hint} ` : '';
  return markup`${hint}Vuelve al paso con <code>malla lab ${lab} ${step}</code> y comprueba con <code>malla verificar ${lab} ${step}</code>.${known && markup` <span class="soft">${known.why}</span>`}`;
}

function evidenceOf({ evidence }: StudentCheck): Markup | false {
  if (!evidence) return false;
  const counts = Object.entries(evidence.counts ?? {});
  const objects = evidence.objects ?? [];
  if (evidence.requests === undefined && counts.length === 0 && objects.length === 0 && !evidence.latencyMilliseconds)
    return false;
  return markup`<details><summary>Con qué se ha juzgado</summary><ul>
${evidence.requests !== undefined && markup`<li>${number(evidence.requests)} peticiones</li>`}
${counts.map(([name, count]) => markup`<li>${name}: ${number(count)} respuestas</li>`)}
${evidence.latencyMilliseconds && markup`<li>Latencia: ${number(evidence.latencyMilliseconds.p50)} ms la mediana, ${number(evidence.latencyMilliseconds.p95)} ms el 95 %</li>`}
${evidence.errorBound !== undefined && markup`<li>Probabilidad de error de este veredicto: menos de ${String(evidence.errorBound).replace('.', ',')}</li>`}
${objects.slice(0, 20).map((o) => markup`<li>${o.kind} ${o.namespace === undefined ? '' : `${o.namespace}/`}${o.name}</li>`)}
</ul></details>`;
}

function questionsSection({ questions }: StudentResult): Markup | false {
  if (questions.length === 0) return false;
  const rows = questions.map(({ title, lab, state }) => {
    const { word, sign, kind } = stateWords[state];
    return markup`<tr><th scope="row">${title}<span class="group">${lab}</span></th><td class="state ${kind}">${sign} ${word}</td></tr>\n`;
  });
  return markup`<section aria-labelledby="preguntas"><h2 id="preguntas">Preguntas</h2><table><thead><tr><th scope="col">Pregunta</th><th scope="col">Respuesta</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}
