// What a teacher should look at with their own eyes: notices of hand-ins, and those that have something in common.
import type { ClassResult, Likeness, Submission } from '../../class/class-result.ts';
import { codeBlock } from './code-block.ts';
import { type Markup, markup } from './markup.ts';

export function noticesSection({ students, unassigned }: ClassResult): Markup {
  const rows = [
    ...students.flatMap((s) => s.submissions.map((submission) => ({ who: s.code, submission }))),
    ...unassigned.map((submission) => ({ who: 'nadie', submission })),
  ].flatMap(({ who, submission }) =>
    submission.problems.filter((p) => p.severity !== 'nota').map((problem) => row(who, submission, problem)),
  );
  if (rows.length === 0) return markup`<p>Ninguna entrega tiene avisos.</p>`;
  return markup`<h3>Avisos de las entregas</h3>
<p>Ninguno cambia la nota por sí solo. Lo rechazado cuenta como no entregado.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Tabla de avisos"><table>
<thead><tr><th scope="col">De quién</th><th scope="col">Entrega</th><th scope="col">Qué pasa</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function row(
  who: string,
  { submission }: Submission,
  { code, message, severity }: Submission['problems'][number],
): Markup {
  return markup`<tr><th scope="row">${who}</th><td class="pre">${submission}</td><td>${severity === 'rechazo' && markup`<strong>Rechazada.</strong> `}${message} <code>${code}</code></td></tr>\n`;
}

export function likenessSection(likenesses: readonly Likeness[]): Markup {
  if (likenesses.length === 0)
    return markup`<p>Ninguna entrega tiene en común con otra nada que no estuviera en los laboratorios.</p>`;
  return markup`<h3>Entregas con algo en común</h3>
<p>Lo que está en más de una entrega y no venía en el laboratorio. Puede haber buenas razones: trabajo en pareja, un ejemplo de clase, una pregunta resuelta entre dos. Decide quien mira, y no hay aquí ninguna puntuación.</p>
${likenesses.map(likenessItem)}`;
}

function likenessItem({ students, what, sides }: Likeness): Markup {
  return markup`<article class="check"><h4>${students.join(' y ')}</h4><p>${what}</p>
${
  sides.length > 0 &&
  markup`<div class="sides">${sides.map(
    (side, i) =>
      markup`<div><p class="small soft">${students[i] ?? ''}: <span class="pre">${side.place}</span></p>${codeBlock(`${students[i] ?? ''}: ${side.place}`, side.text.split('\n'), side.from, side.marked)}</div>`,
  )}</div>`
}</article>`;
}
