import { describe, expect, test } from 'vitest';
import { handIn } from '../class/class.fixture.ts';
import { sha256 } from '../handin/canonical-json.ts';
import { gradedLabOf, gradedStepOf } from '../replay/graded.fixture.ts';
import type { Graded } from '../replay/graded.ts';
import { type IntegrityInput, likenessesOf } from './likenesses.ts';
import { ownLinesOf } from './own-lines.ts';

const lab = `---
id: canary
parametros:
  peso: {entre: [60, 90], paso: 10}
---

\`\`\`yaml fichero=reviews.yaml
kind: VirtualService
metadata:
  name: reviews
weight: {{peso}}
\`\`\`

\`\`\`yaml muestra=hello.yaml
\`\`\`
`;
const source = { text: lab, samples: (name: string) => (name === 'hello.yaml' ? 'name: hello-deployment' : undefined) };
const given = 'kind: VirtualService\nmetadata:\n  name: reviews\n';

function withFile(student: string, text: string, more: Partial<Graded> = {}): Graded {
  const digest = sha256(text);
  const step = gradedStepOf('uno', [], { files: [{ path: 'reviews.yaml', sha256: digest }] });
  return handIn(student, { labs: [gradedLabOf('canary', [step])], texts: { [digest]: text }, ...more });
}
const look = (graded: Graded[], more: Partial<IntegrityInput> = {}) =>
  likenessesOf({ graded, codeOf: (g) => g.student, ownLines: (_lab, seed) => ownLinesOf(source, seed), ...more });
const kinds = (graded: Graded[], more: Partial<IntegrityInput> = {}) =>
  look(graded, more).map((l) => `${l.kind}: ${l.students.join(' ')}`);

describe('what the lab gives', () => {
  test('is no likeness: the same file from the lab’s text', () => {
    expect(kinds([withFile('ana', given), withFile('eva', given)])).toEqual([]);
  });

  test('is what each student’s seed makes of it, samples and all', () => {
    const lines = ownLinesOf(source, 'x');
    expect([...lines].some((l) => /^weight: [6-9]0$/.test(l))).toBe(true);
    expect(lines.has('name: hello-deployment')).toBe(true);
  });
});

describe('lines of one’s own', () => {
  const odd = `${given}# lo hice con mi prima\n# un martes por la tarde\n  labels: {equipo: los-rapidos}\n`;

  test('that two share are shown side by side, marked, without a number that judges', () => {
    const [found] = look([withFile('ana', odd), withFile('eva', `${odd}extra: solo-de-eva\n`)]);
    expect(found).toMatchObject({ kind: 'líneas iguales', students: ['ana', 'eva'] });
    expect(found?.sides.map((s) => s.marked)).toEqual([
      [4, 5, 6],
      [4, 5, 6],
    ]);
    expect(found?.what).not.toMatch(/%|plagio|copia|culp|sospech/i);
  });

  test('and a whole file is told as such, with one line that is not the lab’s', () => {
    const one = `${given}# de mi puño y letra\n`;
    expect(kinds([withFile('ana', one), withFile('eva', one.replace('kind', '  kind'))])).toEqual([
      'fichero igual: ana eva',
    ]);
  });

  test('one line in common is chance', () => {
    expect(
      kinds([withFile('ana', `${given}timeout: 3.5s\n`), withFile('eva', `${given}timeout: 3.5s\nretries: 9\n`)]),
    ).toEqual([]);
  });

  test('what many of the class have is what the exercise leads to', () => {
    const names = Array.from({ length: 12 }, (_, i) => `s${i}`);
    expect(kinds(names.map((n) => withFile(n, `${odd}nombre: ${n}\n`)))).toEqual([]);
  });

  test('of two hand-ins of the same student are nothing', () => {
    expect(
      kinds([withFile('ana', odd), withFile('ana', odd, { submission: 'ana-2.zip', sha256: 'e'.repeat(64) })]),
    ).toEqual([]);
  });
});

describe('the same hand-in', () => {
  test('under two codes is told', () => {
    expect(kinds([handIn('ana'), handIn('eva', { sha256: handIn('ana').sha256 })])).toEqual(['misma entrega: ana eva']);
  });

  test('or the same journal, or a record of it', () => {
    const journal = { id: 'j1', head: 'f'.repeat(64), records: 3 };
    const evidence = [{ lab: 'canary', step: 'uno', at: '2026-11-20T10:00:00.000Z', sha256: '9'.repeat(64) }];
    expect(kinds([handIn('ana', { journal, evidence }), handIn('eva', { journal, evidence })])).toEqual([
      'mismo diario: ana eva',
      'misma evidencia: ana eva',
    ]);
  });

  test('an empty journal is nobody’s', () => {
    const journal = { id: 'j1', head: 'f'.repeat(64), records: 0 };
    expect(kinds([handIn('ana', { journal }), handIn('eva', { journal })])).toEqual([]);
  });
});

test('labs done with the seed of another are told', () => {
  const seedFor = (code: string) => `s:${code}`;
  const hands = [handIn('ana', { seed: 's:eva' }), handIn('eva', { seed: 's:eva' })];
  expect(kinds(hands, { seedFor })).toEqual(['semilla ajena: ana eva']);
});

test('the order of the hand-ins changes nothing', () => {
  const hands = ['ana', 'eva', 'zoe'].map((n) => withFile(n, `${given}# una\n# otra línea\n# y otra más\n`));
  expect(look(hands.toReversed())).toEqual(look(hands));
});

test('a file of 100,000 lines of one’s own, twice, is looked at in reasonable work', () => {
  const long = Array.from({ length: 100_000 }, (_, i) => `linea-${i}: x`).join('\n');
  const [found] = look([withFile('ana', long), withFile('eva', long)]);
  expect(found?.kind).toBe('fichero igual');
  expect(found?.sides[0]?.text.split('\n')).toHaveLength(60);
});
