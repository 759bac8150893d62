import { expect, test } from 'vitest';
import { answeredSteps, noAnswers } from './answers.ts';
import { readContainerInfo } from './container-info.ts';
import { parseLab } from './parse.ts';
import { isRightChoice, readLetters } from './question.ts';

const head =
  '---\nid: uno\ntitulo: Uno\ncapitulo: true\nminutos: 5\nclusters: [embebido]\nobjetivos: [aprender]\n---\n';
const parse = (body: string) => parseLab(head + body, { file: 'lab.md', folder: '/uno', samples: () => undefined });
const problems = (body: string) => parse(body).problems.map((p) => `${p.code}@${p.line}`);

const body = `Intro.

::: pregunta ¿Vale istio-injection=enabled?
- [x] Sí
- [ ] No

Porque sí.
:::

## Paso {#paso}

::: pregunta id=varias ¿Cuáles?
- [x] Una
- [ ] Dos, que
  sigue en otra línea
- [x] Tres

Una y tres.

Y un párrafo más.
:::

::: pregunta ¿Otra?
* [ ] a
* [x] b

b.
:::
`;

test('questions are read with their options, the right ones and the explanation', () => {
  const { lab, problems: none } = parse(body);
  expect(none).toEqual([]);
  expect(lab?.questions).toMatchObject([{ id: 'p1', text: '¿Vale istio-injection=enabled?', line: 11 }]);
  expect(lab?.steps[0]?.questions).toMatchObject([
    {
      id: 'varias',
      options: [
        { text: 'Una', right: true },
        { text: 'Dos, que sigue en otra línea', right: false },
        { text: 'Tres', right: true },
      ],
      explanation: 'Una y tres.\n\nY un párrafo más.',
    },
    { id: 'p2', options: [{ right: false }, { right: true }] },
  ]);
});

test('all right options and no other make a right answer', () => {
  const question = parse(body).lab?.steps[0]?.questions[0];
  if (!question) throw new Error('The lab has a question.');
  expect(isRightChoice(question, [0, 2])).toBe(true);
  for (const wrong of [[], [0], [0, 1, 2], [0, 2, 7]]) expect(isRightChoice(question, wrong)).toBe(false);
  expect(readLetters(question, ' A, c')).toEqual([0, 2]);
  for (const bad of ['', 'd', 'a1', 'a <script>']) expect(readLetters(question, bad)).toBeUndefined();
});

test('a step of a chapter is done when all its questions are answered right', () => {
  const { lab } = parse(body);
  if (!lab) throw new Error('The lab is right.');
  expect(answeredSteps(lab, noAnswers)).toEqual([]);
  expect(answeredSteps(lab, { checks: {}, questions: { 'paso/varias': [0, 2], 'paso/p2': [0] } })).toEqual([]);
  expect(answeredSteps(lab, { checks: {}, questions: { 'paso/varias': [0, 2], 'paso/p2': [1] } })).toEqual(['paso']);
});

const question = (inner: string, info = '¿Qué?') => `## Paso {#paso}\n\n::: pregunta ${info}\n${inner}\n:::\n`;
const rest = '\n\nPorque sí.';

test.each([
  ['one option', question(`- [x] a${rest}`)],
  ['no right option', question(`- [ ] a\n- [ ] b${rest}`)],
  ['no explanation', question('- [ ] a\n- [x] b')],
  ['no text', question(`- [ ] a\n- [x] b${rest}`, '')],
  ['a bad id', question(`- [ ] a\n- [x] b${rest}`, 'id=../x ¿Qué?')],
])('a question with %s is a problem', (_what, text) => {
  expect(problems(text)).toContain('MALLA-LAB-34@11');
});

test('a step of a chapter asks something and does nothing', () => {
  expect(problems('## Paso {#paso}\n\nTexto.\n')).toEqual(['MALLA-LAB-36@9']);
  const acts = '```yaml comprobaciones\n- {id: c, tipo: respuesta, titulo: Sí, pregunta: ¿?, vale: [a]}\n```\n';
  expect(problems(`${question(`- [ ] a\n- [x] b${rest}`)}${acts}`)).toContain('MALLA-LAB-36@9');
});

test('only the words after the name of a container are values', () => {
  expect(readContainerInfo('error causa=MALLA-INY-03 comprobacion=x Poner istio-injection=true')).toEqual({
    name: 'error',
    values: { causa: 'MALLA-INY-03', comprobacion: 'x' },
    title: 'Poner istio-injection=true',
  });
});
