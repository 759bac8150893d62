import { describe, expect, test } from 'vitest';
import { readRoster, safeName } from './roster.ts';

const utf8 = (text: string) => Buffer.from(text, 'utf8');
const windows = (text: string) => Buffer.from(text, 'latin1');
const ids = (text: string) => readRoster(utf8(text)).map((s) => s.id);

describe('how it is written', () => {
  const expected = [
    { id: 'angela-pena', name: 'Ángela Peña' },
    { id: 'inigo-ruiz', name: 'Íñigo Ruiz' },
  ];

  test.each<[string, Uint8Array]>([
    ['UTF-8 and commas', utf8('nombre,apellidos\nÁngela,Peña\nÍñigo,Ruiz\n')],
    ['UTF-8 with its mark, and semicolons', utf8('\uFEFFNombre;Apellidos\r\nÁngela;Peña\r\nÍñigo;Ruiz')],
    ['Windows-1252 and semicolons, as Excel in Spain', windows('Nombre;Apellidos\r\nÁngela;Peña\r\nÍñigo;Ruiz\r\n')],
    ['UTF-16 and tabs', Buffer.from('\uFEFFnombre\tapellidos\nÁngela\tPeña\nÍñigo\tRuiz\n', 'utf16le')],
    ['no titles', utf8('Ángela Peña\n\nÍñigo  Ruiz\n')],
    [
      'titles in another order and columns that do not matter',
      utf8('grupo,Apellidos,NOMBRE\nA,Peña,Ángela\nB,Ruiz,Íñigo'),
    ],
    ['quotes', utf8('alumno;nota\n"Ángela Peña";"1;2"\n"Íñigo Ruiz";"dice ""no"""\n')],
  ])('%s', (_what, bytes) => {
    expect(readRoster(bytes)).toEqual(expected);
  });
});

describe('names that a cluster takes', () => {
  test.each([
    ['Ángela Peña Núñez', 'angela-pena-nunez'],
    ["Seán O'Brien", 'sean-o-brien'],
    ['Weiß, Jürgen', 'weiss-jurgen'],
    ['--../etc/passwd', 'etc-passwd'],
    ['王小明', ''],
    ['a'.repeat(50), 'a'.repeat(30)],
    [`${'a'.repeat(29)} b`, 'a'.repeat(29)],
  ])('«%s» is «%s»', (name, id) => {
    expect(safeName(name)).toBe(id);
  });

  test('two of the same name get a number each, in the order of the list', () => {
    expect(ids('nombre\nAna García\nANA GARCIA\nAna Garcia\n')).toEqual(['ana-garcia', 'ana-garcia-2', 'ana-garcia-3']);
  });

  test('or their mail tells them apart, in any order of the list', () => {
    const list = (rows: string[]) => ids(`nombre,correo\n${rows.join('\n')}\n`);
    const [one, other] = ['Ana García,ana.g@x.es', 'Ana García,agarcia2@x.es'];
    expect(list([one, other])).toEqual(['ana-g', 'agarcia2']);
    expect(list([other, one])).toEqual(['agarcia2', 'ana-g']);
  });

  test('one whose letters a cluster does not take is named by the place in the list', () => {
    expect(ids('nombre\nAna\n王小明\n')).toEqual(['ana', 'alumno-2']);
  });

  test('the user’s own name goes first, and may not be there twice', () => {
    expect(ids('usuario,nombre\nag01,Ana\nag02,Ana\n')).toEqual(['ag01', 'ag02']);
    expect(() => ids('usuario,nombre\nag01,Ana\nAG01,Eva\n')).toThrow(
      expect.objectContaining({ code: 'MALLA-AUL-02' }),
    );
  });
});

describe('what is no list', () => {
  test.each<[string, Uint8Array, string]>([
    ['nothing', utf8(''), 'MALLA-AUL-01'],
    ['titles alone', utf8('nombre,correo\n'), 'MALLA-AUL-01'],
    ['a spreadsheet that is not CSV', Buffer.from('PK\u0003\u0004\u0000\u0000'), 'MALLA-AUL-01'],
    ['quotes that do not close', utf8('nombre\n"Ana\nEva'), 'MALLA-AUL-01'],
    ['too many', utf8(Array.from({ length: 201 }, (_, i) => `a${i}`).join('\n')), 'MALLA-AUL-01'],
    ['more than a megabyte', Buffer.alloc(1024 * 1024 + 1, 'a'), 'MALLA-AUL-01'],
    ['a name that moves the cursor', utf8('nombre\nAna\u001b[2J\n'), 'MALLA-AUL-02'],
  ])('%s', (_what, bytes, code) => {
    expect(() => readRoster(bytes)).toThrow(expect.objectContaining({ code }));
  });
});
