// What a teacher writes to say how a piece of work is graded: rubrica.yaml as a schema. Keys are Spanish, as people write
// them; each carries the sentence that editors show.
import * as z from 'zod';

export const rubricFormat = 'malla-rubrica/1';

/** What a student is shown of a check, from least to most. Each includes those before it. */
export const visibilities = ['nada', 'nombre', 'motivo', 'evidencia'] as const;
export type Visibility = (typeof visibilities)[number];

const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'debe ser un identificador en minúsculas, con cifras y guiones')
  .max(60);
const text = z.string().min(1).max(300);
const weight = z.number().min(0).max(1000);
/** With its difference to UTC: a date that each machine reads in its own zone is no deadline. */
const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/,
    'debe ser una fecha con su hora y su diferencia con UTC, como 2026-12-01T23:59:00+01:00',
  )
  .refine((written) => !Number.isNaN(Date.parse(written)), 'no es una fecha que exista');
const checkName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/, 'debe ser PASO/COMPROBACIÓN, con los identificadores de lab.md');
const visibility = z.enum(visibilities);

const shownCheck = {
  nombre: text.optional().describe('Cómo la lee el alumno. Si falta, el título que tiene en el laboratorio.'),
  mensaje: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe('Lo que lee el alumno cuando no está bien, antes de la causa. No cambia lo que se comprueba.'),
  antes: visibility.optional().describe('Qué ve el alumno de ella antes del plazo. Si falta, lo de «visibilidad».'),
  despues: visibility.optional().describe('Qué ve el alumno de ella después del plazo.'),
};

const lab = z.strictObject({
  lab: identifier.describe('Identificador del laboratorio o capítulo, como lo da «malla labs».'),
  peso: weight.default(1).describe('Cuánto pesa frente a los demás laboratorios.'),
  parcial: z
    .enum(['comprobaciones', 'pasos', 'nada'])
    .default('comprobaciones')
    .describe(
      'Qué puntúa por separado: cada comprobación; cada paso, si está entero; o nada, y el laboratorio vale solo si está entero.',
    ),
  resto: z
    .enum(['contar', 'ignorar'])
    .default('contar')
    .describe('Las comprobaciones que no se nombran: cuentan con peso 1, o no cuentan.'),
  comprobaciones: z
    .array(
      z.strictObject({
        comprobacion: checkName.describe('PASO/COMPROBACIÓN, con los identificadores de lab.md.'),
        peso: weight.default(1).describe('Cuánto pesa frente a las demás del laboratorio.'),
        ...shownCheck,
      }),
    )
    .max(500)
    .default([])
    .describe('Las que pesan distinto o se enseñan de otra manera.'),
  preguntas: weight
    .optional()
    .describe('Lo que pesan juntas las preguntas del texto. En un laboratorio, 0 si falta; en un capítulo son todo.'),
});

const extra = z.strictObject({
  lab: identifier.describe('Laboratorio.'),
  comprobacion: checkName.optional().describe('Una sola comprobación. Si falta, el laboratorio entero.'),
  puntos: z.number().positive().max(100).describe('Lo que suma si está bien. Nunca resta.'),
  nombre: text.optional().describe('Cómo se lee en las notas.'),
});

const delivery = z.strictObject({
  hasta: moment.describe('El plazo, como 2026-12-01T23:59:00+01:00.'),
  gracia: z.int().min(0).max(1440).default(0).describe('Minutos tras el plazo que aún no son retraso.'),
  tarde: z
    .strictObject({
      dias: z.int().min(1).max(365).describe('Días de retraso que se admiten.'),
      descuento: z
        .number()
        .min(0)
        .max(100)
        .describe('Tanto por ciento de lo ganado que se pierde por cada día empezado.'),
    })
    .optional()
    .describe('Entregas tarde. Si falta, no se admiten.'),
  intentos: z.int().min(1).max(1000).optional().describe('Cuántas entregas cuentan; las siguientes no se miran.'),
  cuenta: z.enum(['mejor', 'ultima']).default('mejor').describe('De varias entregas, cuál da la nota.'),
  prorrogas: z
    .record(z.string().min(1).max(60), moment)
    .default({})
    .describe('Código de alumno → su plazo, cuando es otro.'),
});

const exam = z.strictObject({
  desde: moment.describe('Cuándo se abre.'),
  hasta: moment.describe('Cuándo se cierra para todos.'),
  minutos: z.int().min(1).max(1440).optional().describe('Cuánto tiene cada uno desde que empieza.'),
  pistas: z.boolean().default(false).describe('Si se pueden pedir pistas.'),
  soluciones: z.boolean().default(false).describe('Si se pueden ver soluciones.'),
  semilla: z
    .string()
    .min(1)
    .max(100)
    .describe('De ella y del código de cada alumno salen los datos de su examen: nadie tiene los de otro.'),
});

export const rubricSchema = z.strictObject({
  formato: z.literal(rubricFormat).describe('Versión del formato.'),
  id: identifier.describe('Nombre corto de la práctica, para los ficheros.'),
  titulo: text.describe('Título que leen los alumnos.'),
  nota: z
    .strictObject({
      sobre: z.number().positive().max(1000).default(10).describe('Nota de quien lo tiene todo bien.'),
      decimales: z.int().min(0).max(4).default(2).describe('Cifras tras la coma.'),
      tope: z
        .number()
        .positive()
        .max(2000)
        .optional()
        .describe('Nota máxima contando lo extra. Si falta, no hay tope.'),
    })
    .default({ sobre: 10, decimales: 2 })
    .describe('En qué escala se califica.'),
  laboratorios: z.array(lab).min(1).max(100).describe('Lo que cuenta para la nota.'),
  extra: z.array(extra).max(100).default([]).describe('Lo que suma por encima.'),
  entrega: delivery.optional().describe('Plazo, retrasos e intentos. Si falta, no hay plazo.'),
  visibilidad: z
    .strictObject({
      antes: visibility.default('motivo').describe('Antes del plazo.'),
      despues: visibility.default('evidencia').describe('Después del plazo.'),
    })
    .default({ antes: 'motivo', despues: 'evidencia' })
    .describe('Qué ve el alumno de cada comprobación: nada, su nombre, también el motivo, o toda la evidencia.'),
  repeticion: z
    .strictObject({
      imposible: z
        .enum(['excluir', 'declarado'])
        .default('excluir')
        .describe('Lo que no se puede repetir al calificar: no cuenta, o vale lo que dice la entrega.'),
    })
    .default({ imposible: 'excluir' })
    .describe('La nota sale de repetir cada entrega en un clúster nuevo.'),
  examen: exam.optional().describe('La práctica es un examen: con hora, sin pistas ni soluciones.'),
});

export type Rubric = z.output<typeof rubricSchema>;
export type RubricLab = Rubric['laboratorios'][number];

/** For completion in editors and for other tools. */
export function rubricJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(rubricSchema, { io: 'input' }),
    title: 'Rúbrica de Malla',
    description: 'Cómo se califica una práctica; lo comprueba «malla calificar rubrica comprobar».',
  };
}

/** When work is due for all; undefined when there is no deadline. */
export function dueOf({ entrega, examen }: Rubric): string | undefined {
  return entrega?.hasta ?? examen?.hasta;
}

/** When it is due for one student: their own deadline, when they have one. Milliseconds since 1970. */
export function dueFor(rubric: Rubric, student: string): number | undefined {
  const own = rubric.entrega?.prorrogas;
  const due = own && Object.hasOwn(own, student) ? own[student] : dueOf(rubric);
  return due === undefined ? undefined : Date.parse(due);
}
