import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canaryOf, classOf, handIn, list, mtls, now } from '../../class/class.fixture.ts';
import { planFrom, smallRubric } from '../../rubric/rubric.fixture.ts';
import { binsOf } from './charts.ts';
import { classPage } from './class-page.ts';
import { markup } from './markup.ts';
import { studentPage } from './student-page.ts';

const result = classOf();
const pageOf = (code: string, from = result, all = false) => {
  const student = from.students.find((s) => s.code === code);
  if (!student) throw new Error(`Nobody is ${code}.`);
  return studentPage(student, from, all);
};
const pages = [classPage(result, (code) => `alumnos/${code}.html`), ...result.students.map((s) => pageOf(s.code))];

test('a page has no script, loads nothing, and allows its own style alone', () => {
  for (const page of pages) {
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(`default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;`);
    expect(page.match(/<script|<link|<img|<iframe|<object|\sstyle=|\son\w+="|https?:\/\/|url\(|@import/gi)).toBeNull();
  }
});

test('text of students is text', () => {
  expect(pages[0]).toContain('Carlos &lt;b&gt;Ruiz&lt;/b&gt;');
  expect(markup`<p title="${'"><script>\u202Ex\u0000'}">`.html).toBe(
    '<p title="&quot;&gt;&lt;script&gt;\\u{202E}x\uFFFD">',
  );
});

test('markup inside markup is not escaped twice, and nothing is nothing', () => {
  expect(markup`${[markup`<b>${'&'}</b>`, undefined, false, 0]}`.html).toBe('<b>&amp;</b>0');
});

describe('the page of a student', () => {
  test('says what, why, the line and how to go on', () => {
    const page = pageOf('berta');
    for (const said of [
      '2,31 de 10',
      'El VirtualService reviews da el 80 % a v1',
      '<mark><span class="no">13 </span>          weight: 80</mark>',
      'Mira los pesos de la ruta.',
      'malla verificar canary uno',
      'no se ha podido verificar: no cuenta',
    ])
      expect(page).toContain(said);
  });

  test('has nobody else in it', () => {
    expect(pages.slice(1).filter((p) => p.includes('Ana García'))).toHaveLength(1);
  });

  const hidden = classOf({
    plan: planFrom(
      `${smallRubric.replace('peso: 2}', 'peso: 2, antes: nada}')}visibilidad: {antes: nombre, despues: motivo}\nentrega: {hasta: 2026-12-01T00:00:00Z}\n`,
    ),
    graded: [handIn('ana', { labs: [canaryOf(['incorrecto', 'incorrecto', 'correcto']), mtls('correcto')] })],
    list,
    now: now - 15 * 86_400_000,
  });

  test('shows before the deadline no more than the rubric says', () => {
    const page = pageOf('ana', hidden);
    expect(page).toContain('subsets');
    for (const secret of ['El reparto es 90/10', 'No existe el VirtualService', 'Se esperaba', 'De dónde sale la nota'])
      expect(page).not.toContain(secret);
    expect(page).toContain('Nota provisional');
    expect(page).toContain('Hay una comprobación que se verá después del plazo');
  });

  test('and the teacher sees it whole', () => {
    expect(pageOf('ana', hidden, true)).toContain('El VirtualService reviews da el 80 % a v1');
  });
});

test('each mark is in one bin, the highest in the last', () => {
  const bins = binsOf([0, 0.99, 1, 5, 9.99, 10, 10.5], 10);
  expect(bins.map((b) => b.count)).toEqual([2, 1, 0, 0, 0, 1, 0, 0, 0, 3]);
});
