import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { classResultSchema } from '../../grading/class/class-result.ts';
import type { ClassView, StudentDetail } from '../../grading/class/class-view.ts';
import { keepExam, readExam } from '../../grading/exam/exam-state.ts';
import { sha256 } from '../../grading/handin/canonical-json.ts';
import { recordOf } from '../../grading/handin/hand-in.fixture.ts';
import { readHandIn } from '../../grading/handin/read-hand-in.ts';
import { addRecord } from '../../grading/journal/journal-file.ts';
import { gradedCheckOf, gradedLabOf, gradedOf, gradedStepOf } from '../../grading/replay/graded.fixture.ts';
import type { Graded } from '../../grading/replay/graded.ts';
import { openResults } from '../../grading/replay/results.ts';
import type { Host } from '../host.ts';
import { malla } from '../malla.ts';

const root = resolve(import.meta.dirname, '../../..');
let folder = '';
let output = '';
let errors = '';

/** A course of one small lab: reading the whole one each time is not what is tested. */
const lab = `---
id: uno
titulo: Uno
minutos: 5
clusters: [embebido]
objetivos: [aprender]
---

## Paso {#paso}

Hazlo.

\`\`\`yaml comprobaciones
- {id: primera, tipo: respuesta, titulo: Sabes la primera, pregunta: ¿Cuál?, numero: {valor: 1}}
- {id: segunda, tipo: respuesta, titulo: Sabes la segunda, pregunta: ¿Cuál?, numero: {valor: 2}}
\`\`\`

::: solucion
\`\`\`text respuesta=primera
1
\`\`\`
\`\`\`text respuesta=segunda
2
\`\`\`
:::
`;
const rubric = `formato: malla-rubrica/1
id: p1
titulo: Práctica 1
laboratorios: [{lab: uno}]
`;

function run(...argv: string[]): Promise<number> {
  output = '';
  errors = '';
  const stdout = new PassThrough().on('data', (text: Buffer) => {
    output += text.toString();
  });
  const stderr = new PassThrough().on('data', (text: Buffer) => {
    errors += text.toString();
  });
  const host: Host = {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: { MALLA_HOME: join(folder, 'home'), MALLA_LABS: join(folder, 'labs'), NO_COLOR: '1' },
    cwd: folder,
    nodePath: process.execPath,
    root,
    signal: new AbortController().signal,
    holdInterrupts: () => {},
  };
  return malla(
    argv[0] === 'examen' || argv[0] === 'resolver' || argv[0] === 'semilla' ? argv : ['calificar', ...argv],
    host,
  );
}

const handIn = (student: string, second: 'correcto' | 'incorrecto'): Graded => {
  const step = gradedStepOf('paso', [gradedCheckOf('primera', 'correcto'), gradedCheckOf('segunda', second)]);
  return gradedOf({
    student,
    submission: `${student}.zip`,
    sha256: sha256(student),
    labs: [gradedLabOf('uno', [step])],
  });
};

async function grade(...all: Graded[]): Promise<void> {
  const header = { format: 'malla-correccion/1' as const, malla: '0.1.0', program: 'x', course: sha256('c'), key: '' };
  const results = await openResults(join(folder, 'resultados'), header, 0);
  for (const graded of all) await results.keep(graded.submission, graded.sha256, graded);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-calificar-'));
  await mkdir(join(folder, 'labs/uno'), { recursive: true });
  await writeFile(join(folder, 'labs/uno/lab.md'), lab);
  await writeFile(join(folder, 'r.yaml'), rubric);
  await writeFile(join(folder, 'lista.csv'), 'codigo;nombre;correo\nana;Ana;ana@x.es\neva;Eva;eva@x.es\n');
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => rm(join(folder, 'resultados'), { recursive: true, force: true }));
const report = (...more: string[]) =>
  run('informe', 'resultados', '--rubrica', 'r.yaml', '--lista', 'lista.csv', ...more);

describe('malla calificar rubrica comprobar', () => {
  test('says what each thing is worth', async () => {
    expect(await run('rubrica', 'comprobar', 'r.yaml')).toBe(0);
    expect(output).toContain('5  paso/primera: Sabes la primera');
  });

  test('says what is wrong with file, line and cure, and fails', async () => {
    await writeFile(join(folder, 'mal.yaml'), rubric.replace('lab: uno', 'lab: un'));
    expect(await run('rubrica', 'comprobar', 'mal.yaml')).toBe(1);
    expect(output).toBe('mal.yaml:4:17 [MALLA-RUB-04] No existe el laboratorio «un». ¿Querías decir «uno»?\n');
  });
});

describe('malla calificar codigos', () => {
  test('writes a list that only its owner reads, and never over another', async () => {
    expect(await run('codigos', '--lista', 'lista.csv', '--salida', 'codigos.csv')).toBe(0);
    expect((await stat(join(folder, 'codigos.csv'))).mode & 0o077).toBe(0);
    expect(await readFile(join(folder, 'codigos.csv'), 'utf8')).toContain('ana;Ana;;ana@x.es');
    expect(await run('codigos', '--lista', 'lista.csv', '--salida', 'codigos.csv')).not.toBe(0);
    expect(errors).toContain('MALLA-NOT-02');
  });
});

describe('malla calificar informe', () => {
  test('writes the reports, readable by their owner alone', async () => {
    await grade(handIn('ana', 'incorrecto'));
    expect(await report('--coma')).toBe(0);
    const out = join(folder, 'resultados/informe');
    expect((await readdir(out)).sort()).toEqual([
      'alumnos',
      'clase.html',
      'clase.json',
      'junit.xml',
      'moodle.csv',
      'notas.csv',
    ]);
    expect((await stat(join(out, 'notas.csv'))).mode & 0o077).toBe(0);
    expect(await readFile(join(out, 'moodle.csv'), 'utf8')).toContain('ana;;ana@x.es;Ana;5,00;');
    const { students } = classResultSchema.parse(JSON.parse(await readFile(join(out, 'clase.json'), 'utf8')));
    expect(students.map((s) => [s.code, s.state, s.mark])).toEqual([
      ['ana', 'calificada', 5],
      ['eva', 'pendiente', undefined],
    ]);
    expect((await readdir(join(out, 'alumnos'))).length).toBe(2);
  });

  test('without names, none is anywhere', async () => {
    await grade(handIn('ana', 'correcto'));
    await report('--sin-nombres');
    const text = await readFile(join(folder, 'resultados/informe/clase.html'), 'utf8');
    expect([text.includes('Ana'), text.includes('ana@x.es'), text.includes('ana')]).toEqual([false, false, true]);
  });

  test('says whose mark would move, and writes nothing when told so', async () => {
    await grade(handIn('ana', 'incorrecto'), handIn('eva', 'correcto'));
    await report();
    await grade(handIn('ana', 'correcto'));
    const before = await readFile(join(folder, 'resultados/informe/clase.json'), 'utf8');
    await report('--en-seco');
    expect(output).toContain(
      'Cambiaría la nota, o algo de ella, a 1; a 1, no.\n  ana: 5 → 10 (uno/paso/segunda: incorrecto → correcto)',
    );
    expect(await readFile(join(folder, 'resultados/informe/clase.json'), 'utf8')).toBe(before);
  });

  test('annotations go to standard output alone', async () => {
    await grade(handIn('ana', 'incorrecto'));
    await report('--anotaciones', 'github');
    expect(output).toMatch(/^::error /m);
    expect(await readdir(join(folder, 'resultados'))).not.toContain('informe');
  });

  test('where nothing was graded it says what to do', async () => {
    expect(await report()).not.toBe(0);
    expect(errors).toContain('MALLA-NOT-05');
  });

  test('with a rubric that is wrong nobody is graded', async () => {
    await grade(handIn('ana', 'correcto'));
    await writeFile(join(folder, 'mal.yaml'), 'formato: otro\n');
    expect(await run('informe', 'resultados', '--rubrica', 'mal.yaml')).not.toBe(0);
    expect(errors).toContain('MALLA-RUB-09');
  });
});

describe('malla calificar mirar', () => {
  const look = (...more: string[]) =>
    run('mirar', 'resultados', '--rubrica', 'r.yaml', '--lista', 'lista.csv', ...more);

  test('gives the table of the class, and writes nothing', async () => {
    await grade(handIn('ana', 'incorrecto'));
    expect(await look('--json')).toBe(0);
    const view = JSON.parse(output) as ClassView;
    expect(view.students).toMatchObject([
      { code: 'ana', mark: 5, wrong: ['uno/paso/segunda'], causes: ['MALLA-OBJ-01'] },
      { code: 'eva', state: 'pendiente', wrong: [] },
    ]);
    expect(await readdir(join(folder, 'resultados'))).not.toContain('informe');
  });

  test('and one student with the line of the YAML and the decisions', async () => {
    const graded = handIn('ana', 'incorrecto');
    const text = 'kind: VirtualService\nmetadata:\n  name: reviews\n';
    const [step] = graded.labs[0]?.steps ?? [];
    step?.files.push({ path: 'vs.yaml', sha256: sha256(text) });
    await grade({ ...graded, texts: { [sha256(text)]: text } });
    await run('ajustar', 'resultados', '--alumno', 'ana', '--puntos', '1', '--motivo', 'Lo explicó', '--por', 'Profe');
    await look('--alumno', 'ana', '--json');
    const detail = JSON.parse(output) as StudentDetail;
    expect(detail.mark).toBe(6);
    expect(detail.files).toMatchObject([{ name: 'uno/vs.yaml', notes: [{ line: 3, code: 'MALLA-OBJ-01' }] }]);
    expect(detail.decisions).toMatchObject([
      { number: 1, what: '+1 puntos', reason: 'Lo explicó', by: 'Profe', inForce: true },
    ]);
    expect(await look('--alumno', 'nadie')).not.toBe(0);
  });
});

describe('malla calificar ajustar', () => {
  const adjust = (...more: string[]) => run('ajustar', 'resultados', ...more);
  const markOf = async (code: string) => {
    await report('--json');
    const { result } = JSON.parse(output) as { result: { students: { code: string; mark?: number }[] } };
    return result.students.find((s) => s.code === code)?.mark;
  };

  test('a check, points and taking back: each with its reason, and the mark follows', async () => {
    await grade(handIn('ana', 'incorrecto'));
    expect(await markOf('ana')).toBe(5);
    await adjust('--alumno', 'ANA', '--comprobacion', 'uno/paso/segunda', '--vale', 'sí', '--motivo', 'Era ambiguo');
    expect(await markOf('ana')).toBe(10);
    await adjust('--alumno', 'ana', '--puntos=-1,5', '--motivo', 'Entregó sin ficheros', '--json');
    const { line } = JSON.parse(output) as { line: { number: number } };
    expect(await markOf('ana')).toBe(8.5);
    await adjust('--alumno', 'ana', '--anular', String(line.number), '--motivo', 'Sí que estaban');
    expect(await markOf('ana')).toBe(10);
    const page = (await readdir(join(folder, 'resultados/informe/alumnos'))).find((f) => f.startsWith('ana-')) ?? '';
    expect(await readFile(join(folder, 'resultados/informe/alumnos', page), 'utf8')).toContain('Era ambiguo');
  });

  test('for who has handed in nothing, the list is needed', async () => {
    await grade(handIn('ana', 'correcto'));
    const point = ['--alumno', 'eva', '--puntos', '3', '--motivo', 'Examen oral'];
    expect(await adjust(...point)).not.toBe(0);
    expect(errors).toContain('MALLA-NOT-04');
    expect(await adjust(...point, '--lista', 'lista.csv')).toBe(0);
    expect(await markOf('eva')).toBe(3);
  });

  test.each([
    ['nothing to adjust', ['--motivo', 'Porque sí']],
    ['two things at once', ['--puntos', '1', '--anular', '1', '--motivo', 'Porque sí']],
    ['points that are none', ['--puntos', 'muchos', '--motivo', 'Porque sí']],
    ['an empty reason', ['--puntos', '1', '--motivo', ' ']],
    ['a check without its value', ['--comprobacion', 'uno/paso/segunda', '--motivo', 'Porque sí']],
    ['a check that is none', ['--comprobacion', 'segunda', '--vale', 'si', '--motivo', 'Porque sí']],
    ['taking back what is not there', ['--anular', '7', '--motivo', 'Porque sí']],
  ])('%s is refused and leaves no line', async (_what, args) => {
    await grade(handIn('ana', 'correcto'));
    expect(await adjust('--alumno', 'ana', ...args)).toBe(64);
    expect(await readdir(join(folder, 'resultados'))).not.toContain('registro.jsonl');
  });
});

describe('malla examen', () => {
  const hour = (by: number) => new Date(Date.now() + by * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const examOf = (from: string, until: string) =>
    `${rubric}examen: {desde: '${from}', hasta: '${until}', minutos: 60, semilla: s1}\n`;
  const sheet = async (text: string, ...more: string[]) => {
    await writeFile(join(folder, 'ex.yaml'), text);
    return run('examen', 'hoja', 'ex.yaml', '--salida', 'hoja.json', ...more);
  };

  test('is begun with a sheet, keeps solutions back, and ends with the code of before', async () => {
    await run('semilla', 'mia');
    expect(await sheet(examOf(hour(-1), hour(2)))).toBe(0);
    expect(await run('examen', 'empezar', 'hoja.json', '--alumno', 'ana')).toBe(0);
    expect(output).toMatch(/Práctica 1, para ana\.\n(Quedan 59 min|Quedan 1 h 0 min)/);
    await run('semilla');
    expect(output).toBe('Tu código: s1:ana\n');
    expect(await run('resolver', 'uno')).not.toBe(0);
    expect(errors).toContain('MALLA-EXA-05');
    expect(await run('examen', 'empezar', 'hoja.json', '--alumno', 'ana')).not.toBe(0);
    expect(errors).toContain('MALLA-EXA-03');
    expect(await run('examen', 'dejar', '--si')).toBe(0);
    await run('semilla');
    expect(output).toBe('Tu código: mia\n');
  });

  test.each([
    ['before its hour', 1, 2],
    ['after its hour', -2, -1],
  ])('is not begun %s', async (_when, from, until) => {
    await sheet(examOf(hour(from), hour(until)));
    expect(await run('examen', 'empezar', 'hoja.json', '--alumno', 'ana')).not.toBe(0);
    expect(errors).toContain('MALLA-EXA-02');
    expect(await run('examen', 'estado')).toBe(1);
  });

  test('a rehearsal is begun at any time', async () => {
    await sheet(examOf(hour(24), hour(25)), '--ensayo');
    expect(await run('examen', 'empezar', 'hoja.json', '--alumno', 'ana')).toBe(0);
    await run('examen', 'dejar', '--si');
  });

  test('its clock hands in what there is when the time is up, and that ends it', async () => {
    await sheet(examOf(hour(-2), hour(2)));
    await run('examen', 'empezar', 'hoja.json', '--alumno', 'ana');
    const home = join(folder, 'home');
    await addRecord(home, { ...recordOf({ lab: 'uno', step: 'paso' }), files: [], objects: [] }, []);
    expect(await run('examen', 'guardar')).toBe(0);
    expect(output).toContain('El clúster no está en marcha');
    // Begun two hours ago, of which it has one.
    const exam = readExam(home);
    if (!exam) throw new Error('There is no exam.');
    await keepExam(home, { ...exam, begun: hour(-2) });
    expect(await run('examen', 'reloj')).toBe(0);
    expect(output).toContain('Se ha acabado el tiempo.');
    const { handIn, records } = readHandIn(await readFile(join(folder, 'entrega-ana.zip')), { now: Date.now() });
    expect([handIn.student, handIn.seed, records.length]).toEqual(['ana', 's1:ana', 1]);
    expect(await run('examen', 'reloj')).not.toBe(0);
    expect(errors).toContain('MALLA-EXA-04');
  });

  test('needs a sheet, a code and something begun', async () => {
    expect(await sheet(rubric)).not.toBe(0);
    expect(errors).toContain('MALLA-EXA-06');
    expect(await run('examen', 'empezar', 'r.yaml', '--alumno', 'ana')).not.toBe(0);
    expect(errors).toContain('MALLA-EXA-01');
    expect(await run('examen', 'entregar', '--si')).not.toBe(0);
    expect(errors).toContain('MALLA-EXA-04');
  });
});
