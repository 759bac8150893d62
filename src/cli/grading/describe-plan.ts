// What a rubric means, in words: what each thing is worth and until when.
import { keyOf, type Plan, type Unit } from '../../grading/rubric/plan.ts';
import { dueOf } from '../../grading/rubric/rubric.ts';
import { highestMark } from '../../grading/rubric/score.ts';

/** `unreplayable`: labs of the rubric that grading cannot do again. */
export function describePlan(plan: Plan, unreplayable: readonly string[]): string {
  const { rubric, units, bonus } = plan;
  const { sobre } = rubric.nota;
  const labs = Map.groupBy(units, (u) => u.lab);
  const lines = [`${rubric.titulo}: la rúbrica está bien. Sobre ${number(sobre)}:`];
  for (const [lab, own] of labs) {
    lines.push(`  ${lab}: ${number(own.reduce((sum, u) => sum + u.weight, 0) * sobre)}`);
    for (const unit of own) lines.push(`    ${number(unit.weight * sobre).padStart(6)}  ${nameOf(unit)}`);
  }
  for (const b of bonus) lines.push(`  extra: ${number(b.points)} por «${b.title}»`);
  if (bonus.length > 0) lines.push(`  Con todo lo extra: ${number(highestMark({ nota: rubric.nota, bonus }))}`);
  lines.push(...deadlines(plan));
  if (unreplayable.length > 0)
    lines.push(`  Al calificar no se pueden repetir: ${unreplayable.join(', ')}. ${whatThen(plan)}`);
  return `${lines.join('\n')}\n`;
}

function whatThen({ rubric: { repeticion } }: Plan): string {
  return repeticion.imposible === 'declarado'
    ? 'De ellos vale lo que diga la entrega, sin comprobarlo.'
    : 'No cuentan para la nota; si quieres que valga lo que diga la entrega, escribe «repeticion: {imposible: declarado}».';
}

function nameOf({ title, pieces }: Unit): string {
  const [only] = pieces;
  return only && pieces.length === 1 ? `${keyOf(only)}: ${title}` : `${title} (${pieces.length} comprobaciones)`;
}

function deadlines({ rubric }: Plan): string[] {
  const { entrega, examen } = rubric;
  const due = dueOf(rubric);
  if (due === undefined) return ['  Sin plazo.'];
  const late = entrega?.tarde
    ? `; tarde, hasta ${entrega.tarde.dias} días, con un ${number(entrega.tarde.descuento)} % menos por día`
    : '; después no se admite';
  const own = Object.keys(entrega?.prorrogas ?? {}).length;
  return [
    ...(examen
      ? [
          `  Examen: de ${examen.desde} a ${examen.hasta}${examen.minutos ? `, ${examen.minutos} minutos cada uno` : ''}.`,
        ]
      : []),
    `  Plazo: ${due}${late}.${own > 0 ? ` Prórrogas: ${own}.` : ''}`,
  ];
}

function number(value: number): string {
  return value.toLocaleString('es-ES', { maximumFractionDigits: 2 });
}
