// The report of a class, for whoever teaches it.
import type { CheckSummary, ClassResult, StudentResult } from '../../class/class-result.ts';
import { binsOf, histogram, shareBar, stackedBar } from './charts.ts';
import { htmlDocument } from './document.ts';
import { likenessSection, noticesSection } from './look-section.ts';
import { type Content, type Markup, markup } from './markup.ts';
import { duration, fixed, gradeWords, moment, number, people } from './words.ts';

/** `linkTo`: where the page of a student is, relative to this one; undefined without pages of students. */
export function classPage(result: ClassResult, linkTo: (code: string) => string | undefined): string {
  const { rubric } = result;
  const body = markup`<main>
<h1>${rubric.title}</h1>
<p class="soft">Notas de la clase, ${moment(result.at)}.${rubric.due === undefined ? '' : ` Plazo: ${moment(rubric.due)}.`}</p>
<nav aria-label="En esta página"><ul>
<li><a href="#notas">Notas</a></li><li><a href="#comprobaciones">Comprobaciones</a></li><li><a href="#ideas">Causas que más cuestan</a></li>
<li><a href="#alumnos">Alumnos</a></li><li><a href="#mirar">Para mirar</a></li></ul></nav>
${marksSection(result)}
${checksSection(result)}
${misconceptionsSection(result)}
${studentsSection(result, linkTo)}
<section aria-labelledby="mirar"><h2 id="mirar">Para mirar</h2>
${noticesSection(result)}
${likenessSection(result.likenesses)}
</section>
${footer(result)}
</main>`;
  return htmlDocument(`${rubric.title}: notas de la clase`, body);
}

function marksSection({ students, rubric }: ClassResult): Markup {
  const marks = students.flatMap((s) => (s.mark === undefined ? [] : [s.mark])).toSorted((a, b) => a - b);
  const bins = binsOf(marks, rubric.outOf);
  const mean = marks.length === 0 ? undefined : marks.reduce((a, b) => a + b, 0) / marks.length;
  const given = students.filter((s) => s.submission !== undefined).length;
  const half = marks.filter((m) => m >= rubric.outOf / 2).length;
  return markup`<section aria-labelledby="notas"><h2 id="notas">Notas</h2>
<dl class="facts">
${fact('Han entregado', `${given} de ${students.length}`)}
${fact('Media', mean === undefined ? '—' : number(mean))}
${fact('Mediana', marks.length === 0 ? '—' : number(median(marks)))}
${fact(`${number(rubric.outOf / 2)} o más`, marks.length === 0 ? '—' : `${half} de ${marks.length}`)}
${fact('Tarde', String(students.filter((s) => s.daysLate > 0).length))}
${fact('Sin nota', String(students.filter((s) => s.mark === undefined).length))}
</dl>
${histogram(bins)}
<details><summary>Las mismas cifras, en una tabla</summary>
<table><caption>Alumnos por nota</caption><thead><tr><th scope="col">Nota</th><th scope="col" class="n">Alumnos</th></tr></thead>
<tbody>${bins.map((b) => markup`<tr><th scope="row">${b.label}</th><td class="n">${b.count}</td></tr>`)}</tbody></table></details>
</section>`;
}

function checksSection({ checks, labs }: ClassResult): Markup {
  const hardest = checks.toSorted((a, b) => b.wrong - a.wrong || b.missing - a.missing);
  return markup`<section aria-labelledby="comprobaciones"><h2 id="comprobaciones">Qué comprobaciones fallan</h2>
<p>De quien ha entregado, primero las que más fallan. Lo que no se pudo verificar no resta a nadie.</p>
<ul class="legend"><li><span class="right">✔</span> bien</li><li><span class="wrong">✘</span> mal</li><li><span class="unknown">?</span> no verificable</li><li><span class="missing">–</span> sin entregar</li></ul>
<div class="scroll" tabindex="0" role="region" aria-label="Tabla de comprobaciones"><table>
<thead><tr><th scope="col">Comprobación</th><th scope="col">Reparto</th><th scope="col" class="n">✔ Bien</th><th scope="col" class="n">✘ Mal</th><th scope="col" class="n">? No verif.</th><th scope="col" class="n">– Sin entregar</th></tr></thead>
<tbody>${hardest.map((check) => checkRow(check, placeName(check, labs)))}</tbody></table></div></section>`;
}

function checkRow({ title, right, wrong, unverifiable, missing }: CheckSummary, place: string): Markup {
  const bar = stackedBar([
    { kind: 'right', count: right },
    { kind: 'wrong', count: wrong },
    { kind: 'unknown', count: unverifiable },
    { kind: 'missing', count: missing },
  ]);
  return markup`<tr><th scope="row">${title}<span class="group">${place}</span></th><td>${bar}</td><td class="n">${right}</td><td class="n">${wrong}</td><td class="n">${unverifiable}</td><td class="n">${missing}</td></tr>\n`;
}

function misconceptionsSection({ misconceptions, students }: ClassResult): Markup {
  const given = students.filter((s) => s.submission !== undefined).length;
  const rows = misconceptions.map(
    (
      m,
    ) => markup`<tr><th scope="row">${m.title}<span class="group"><code>${m.code}</code> · ${m.checks.slice(0, 4).join(', ')}${m.checks.length > 4 ? '…' : ''}</span></th>
<td>${shareBar(m.students, given)}</td><td class="n">${m.students}</td><td class="n">${m.left}</td><td class="n">${m.medianSeconds > 0 ? duration(m.medianSeconds) : '—'}</td><td class="n">${m.longestSeconds > 0 ? duration(m.longestSeconds) : '—'}</td></tr>\n`,
  );
  return markup`<section aria-labelledby="ideas"><h2 id="ideas">Causas que más cuestan</h2>
<p>Las causas que Malla nombró mientras trabajaban: cuántos dieron con cada una, cuántos la tenían aún al entregar y cuánto tardaron en salir de ella. Los tiempos son los que dice cada entrega.</p>
${
  rows.length === 0
    ? markup`<p class="soft">Ninguna entrega cuenta de ninguna.</p>`
    : markup`<div class="scroll" tabindex="0" role="region" aria-label="Tabla de causas"><table>
<thead><tr><th scope="col">Causa</th><th scope="col">De la clase</th><th scope="col" class="n">Alumnos</th><th scope="col" class="n">Al entregar</th><th scope="col" class="n">Tiempo (mediana)</th><th scope="col" class="n">El que más</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}</section>`;
}

function studentsSection({ students, rubric }: ClassResult, linkTo: (code: string) => string | undefined): Markup {
  const labs = [...new Set(students.flatMap((s) => s.lines.flatMap((l) => l.lab ?? [])))];
  const named = students.some((s) => s.name !== '');
  const rows = students.map((s) => {
    const link = linkTo(s.code);
    const code: Content = link === undefined ? s.code : markup`<a href="${link}">${s.code}</a>`;
    const points = labs.map((lab) => markup`<td class="n">${fixed(pointsIn(s, lab), rubric.decimals)}</td>`);
    return markup`<tr><th scope="row">${code}${s.stranger && markup`<span class="group">no está en la lista</span>`}</th>${named && markup`<td>${s.name}</td>`}<td class="n">${s.mark === undefined ? '—' : fixed(s.mark, rubric.decimals)}</td>${points}<td>${noteOf(s)}</td></tr>\n`;
  });
  return markup`<section aria-labelledby="alumnos"><h2 id="alumnos">Alumnos</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Tabla de alumnos"><table><caption>${people(students.length)}. La nota es sobre ${number(rubric.outOf)}; de cada laboratorio, los puntos que da.</caption>
<thead><tr><th scope="col">Código</th>${named && markup`<th scope="col">Nombre</th>`}<th scope="col" class="n">Nota</th>${labs.map((l) => markup`<th scope="col" class="n">${l}</th>`)}<th scope="col">Observaciones</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

function noteOf({ state, daysLate, submissions, lines }: StudentResult): string {
  const notices = submissions.flatMap((s) => s.problems).filter((p) => p.severity !== 'nota').length;
  return [
    ...(state === 'calificada' ? [] : [gradeWords[state]]),
    ...(daysLate > 0 ? [daysLate === 1 ? '1 día tarde' : `${daysLate} días tarde`] : []),
    ...(lines.some((l) => l.kind === 'ajuste') ? ['ajustada'] : []),
    ...(notices > 0 ? [notices === 1 ? '1 aviso' : `${notices} avisos`] : []),
  ].join(' · ');
}

function pointsIn({ lines }: StudentResult, lab: string): number {
  return lines.filter((l) => l.lab === lab).reduce((sum, l) => sum + l.points, 0);
}

function placeName({ lab, step }: CheckSummary, labs: ClassResult['labs']): string {
  const known = labs.find((l) => l.lab === lab);
  return `${known?.title ?? lab} · ${known?.steps.find((s) => s.step === step)?.title ?? step}`;
}

function fact(name: string, value: string): Markup {
  return markup`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

function footer({ malla, rubric, labs }: ClassResult): Markup {
  const versions = labs
    .filter((l) => l.versions.length > 0)
    .map(
      (l) => `${l.lab} ${l.versions.length === 1 ? l.versions[0]?.slice(0, 12) : `(${l.versions.length} versiones)`}`,
    );
  return markup`<footer><p>Hecho con Malla ${malla}. Rúbrica ${rubric.id}, versión ${rubric.sha256.slice(0, 12)}.${versions.length > 0 && ` Laboratorios: ${versions.join(', ')}.`}</p>
<p>La nota sale de repetir cada entrega en un clúster nuevo, no de lo que la entrega dice de sí misma. El clúster es simulado.</p></footer>`;
}
