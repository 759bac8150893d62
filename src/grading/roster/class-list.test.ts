import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { giveCodes, isSoundCode } from './anonymous-codes.ts';
import { readClassList } from './class-list.ts';

const list = (text: string) => readClassList(Buffer.from(text));

describe('the list of a class', () => {
  const written =
    'codigo;nombre;apellidos;usuario;correo\nk7w2;Ángela;Peña;apena;a@x.es\nm9p4;Íñigo;Ruiz;iruiz;i@x.es\n';

  test.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(written)],
    ['Windows-1252', Buffer.from(written, 'latin1')],
    ['commas', Buffer.from(written.replaceAll(';', ','))],
  ])('%s says who is behind a code', (_what, bytes) => {
    expect(readClassList(bytes).find('M9P4')).toEqual({
      id: 'iruiz',
      name: 'Íñigo Ruiz',
      user: 'iruiz',
      mail: 'i@x.es',
      code: 'm9p4',
    });
  });

  test('without codes, the user is the code, and without users the name', () => {
    expect(list('nombre,usuario\nAna,ag01\n').enrolled[0]?.code).toBe('ag01');
    expect(list('nombre\nAna García\n').enrolled[0]?.code).toBe('ana-garcia');
  });

  test('who wrote the mail or the user is found too', () => {
    expect(['apena', 'a@x.es', 'nadie'].map((c) => list(written).find(c)?.code)).toEqual(['k7w2', 'k7w2', undefined]);
  });

  test('a slip of the keys says who was meant, and finds nobody', () => {
    expect([list(written).find('k7w3'), list(written).meant('k7w3')?.code]).toEqual([undefined, 'k7w2']);
  });

  test('two with the same code are refused', () => {
    expect(() => list('codigo,nombre\nab,Ana\nAB,Eva\n')).toThrow(expect.objectContaining({ code: 'MALLA-NOT-01' }));
  });

  test('a class of 1,000 is read', () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `Alumno ${i}`).join('\n');
    expect(list(`nombre\n${names}\n`).enrolled).toHaveLength(1_000);
  });
});

describe('anonymous codes', () => {
  const drawn = (seed: number) => {
    let state = seed;
    return (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
  };
  const nobody = (count: number) => Array.from({ length: count }, () => ({ code: '' }));

  test('everybody gets one of their own, and whoever has one keeps it', () => {
    const codes = giveCodes([{ code: 'mio' }, ...nobody(500)], drawn(7)).map((p) => p.code);
    expect(codes[0]).toBe('mio');
    expect(new Set(codes).size).toBe(501);
    expect(codes.slice(1).every(isSoundCode)).toBe(true);
  });

  test('a code with one wrong letter is never a sound one', () => {
    const [{ code } = { code: '' }] = giveCodes(nobody(1), drawn(3));
    fc.assert(
      fc.property(fc.nat(code.length - 1), fc.constantFrom(...'23456789bcdfghjkmnpqrstvwxyz'), (at, letter) => {
        const wrong = code.slice(0, at) + letter + code.slice(at + 1);
        return wrong === code || !isSoundCode(wrong);
      }),
    );
  });
});
