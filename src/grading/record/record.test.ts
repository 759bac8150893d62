import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classOf, graded, handIn, mtls } from '../class/class.fixture.ts';
import { decisionsIn } from './decisions.ts';
import { movesBetween } from './moves.ts';
import { type Entry, nextLine, type RecordLine, readRecord } from './record.ts';
import { addToRecord, loadRecord, recordFile } from './record-file.ts';

const at = '2026-12-10T10:00:00.000Z';
const points: Entry = { kind: 'puntos', student: 'ana', points: 0.5, reason: 'Lo explicó en clase', by: 'Profe' };
const check: Entry = {
  kind: 'comprobacion',
  student: 'eva',
  lab: 'mtls',
  check: 'estricto/modo',
  right: true,
  reason: 'El enunciado era ambiguo',
  by: 'Profe',
};
const lines: RecordLine[] = [];
for (const entry of [points, check, { ...points, points: 1 }]) lines.push(nextLine(lines.at(-1), entry, at));
const text = lines.map((l) => `${JSON.stringify(l)}\n`).join('');

describe('the chain', () => {
  test('what was written is read', () => {
    expect(readRecord(text)).toEqual({ lines });
  });

  test.each<[string, string, number]>([
    ['a mark that was changed', text.replace('"points":0.5', '"points":5'), 1],
    ['a reason that was changed', text.replace('ambiguo', 'claro'), 2],
    ['a line that was taken out', text.split('\n').toSpliced(1, 1).join('\n'), 2],
    [
      'lines that changed places',
      text
        .split('\n')
        .toSpliced(0, 2, ...text.split('\n').slice(0, 2).toReversed())
        .join('\n'),
      1,
    ],
    ['a line cut short', text.slice(0, -30), 3],
    ['a line that is no JSON', `${text}hola\n`, 4],
  ])('%s is found', (_what, changed, broken) => {
    expect(readRecord(changed).broken).toBe(broken);
  });
});

test('a reason is not optional', () => {
  expect(() => nextLine(undefined, { ...points, reason: '  ' }, at)).toThrow();
});

test('decisions are those of each student, without what was taken back', () => {
  const back = nextLine(
    lines[2],
    { kind: 'anulacion', student: 'ana', number: 1, reason: 'Era de otra', by: 'Profe' },
    at,
  );
  const decisions = decisionsIn([...lines, back]);
  expect(decisions.get('ana')).toEqual([{ kind: 'puntos', points: 1, reason: 'Lo explicó en clase', by: 'Profe' }]);
  expect(decisions.get('eva')).toMatchObject([{ kind: 'comprobacion', check: 'estricto/modo', right: true }]);
});

describe('on disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'malla-registro-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('lines are added and never rewritten, and a changed file is refused', async () => {
    expect(await loadRecord(folder)).toEqual([]);
    await addToRecord(folder, points, at);
    const before = await readFile(recordFile(folder), 'utf8');
    await addToRecord(folder, check, at);
    const after = await readFile(recordFile(folder), 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect((await loadRecord(folder)).map((l) => l.entry.kind)).toEqual(['puntos', 'comprobacion']);
    await writeFile(recordFile(folder), after.replace('0.5', '5'));
    await expect(addToRecord(folder, points, at)).rejects.toMatchObject({ code: 'MALLA-NOT-03' });
  });
});

describe('whose mark moves', () => {
  const before = classOf();

  test('nobody’s, when nothing changed', () => {
    expect(movesBetween(before, classOf())).toEqual({ moves: [], same: 6, changed: [] });
  });

  test('who has a check that stands otherwise, with it and what changed', () => {
    const again = graded.map((g) => (g.student === 'zoe' ? handIn('zoe', { labs: [mtls('incorrecto')] }) : g));
    const after = { ...classOf({ graded: again }), malla: '0.2.0' };
    expect(movesBetween(before, after)).toEqual({
      moves: [
        {
          student: 'zoe',
          before: 2.5,
          after: 0,
          checks: [{ check: 'mtls/estricto/modo', before: 'correcto', after: 'incorrecto' }],
        },
      ],
      same: 5,
      changed: ['Malla era la 0.1.0 y es la 0.2.0.'],
    });
  });
});
