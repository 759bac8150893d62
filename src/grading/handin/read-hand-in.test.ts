// Hand-ins of strangers: each way of being hostile is contained and named.
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sha256 } from './canonical-json.ts';
import { anasKey, courseKey, handInOf, manifest, now, recordOf, withEntries, withText } from './hand-in.fixture.ts';
import { createCourseKey, createStudentKey } from './keys.ts';
import { limits } from './limits.ts';
import { Refused } from './problems.ts';
import { type ReadHandIn, readHandIn } from './read-hand-in.ts';
import { writeZip } from './zip-writer.ts';

const options = { course: courseKey, now };

function codes(bytes: Buffer): string[] {
  try {
    return [...new Set(readHandIn(bytes, options).problems.map((p) => p.code))];
  } catch (error) {
    if (error instanceof Refused) return [`${error.problem.code}!`];
    throw error;
  }
}

/** A zip whose headers are changed by hand. */
function zipWith(name: string, change: (bytes: Buffer, central: number) => void, content = 'a'): Buffer {
  const bytes = writeZip([{ name, content: Buffer.from(content) }]);
  change(bytes, bytes.readUInt32LE(bytes.length - 6));
  return bytes;
}

test('an honest hand-in reads as it was made, without a word', async () => {
  const read: ReadHandIn = readHandIn(await handInOf(), options);
  expect(read.problems).toEqual([]);
  expect(read.seal).toBe('alumno');
  expect(read.records.map((r) => r.step)).toEqual(['noventa']);
  expect(read.texts.get(sha256(manifest))).toBe(manifest);
});

test('a seal that the class shares says so, and without the course key no seal is believed', async () => {
  const shared = await handInOf({ key: createStudentKey(courseKey, '*') });
  expect(readHandIn(shared, options).seal).toBe('clase');
  expect(readHandIn(shared, { now }).seal).toBe('sin comprobar');
});

test.each<[string, string, () => Buffer | Promise<Buffer>]>([
  ['empty', 'MALLA-ENT-03!', () => Buffer.alloc(0)],
  ['no zip at all', 'MALLA-ENT-04!', () => Buffer.from('%PDF-1.7 hola')],
  ['a zip cut short', 'MALLA-ENT-04!', async () => (await handInOf()).subarray(0, -40)],
  ['a zip without its index', 'MALLA-ENT-04!', async () => (await handInOf()).subarray(0, 300)],
  ['larger than a hand-in may be', 'MALLA-ENT-02!', () => Buffer.alloc(limits.file + 1)],
  ['a path that climbs out', 'MALLA-ENT-05!', () => writeZip([{ name: '../../.bashrc', content: Buffer.from('x') }])],
  ['an absolute path', 'MALLA-ENT-05!', () => writeZip([{ name: '/etc/passwd', content: Buffer.from('x') }])],
  ['a path of another drive', 'MALLA-ENT-05!', () => writeZip([{ name: 'C:/x', content: Buffer.from('x') }])],
  ['a path with backslashes', 'MALLA-ENT-05!', () => writeZip([{ name: '..\\x', content: Buffer.from('x') }])],
  [
    'a symbolic link',
    'MALLA-ENT-06!',
    () =>
      zipWith('entrega.json', (bytes, at) => {
        bytes.writeUInt16LE((3 << 8) | 20, at + 4);
        bytes.writeUInt32LE((0o120777 << 16) >>> 0, at + 38);
      }),
  ],
  [
    'too many entries',
    'MALLA-ENT-07!',
    () => writeZip(Array.from({ length: limits.entries + 1 }, (_, i) => ({ name: `${i}`, content: Buffer.alloc(0) }))),
  ],
  [
    'more entries than it says',
    'MALLA-ENT-07!',
    () =>
      zipWith('a', (bytes) => {
        bytes.writeUInt16LE(0xffff, bytes.length - 14);
        bytes.writeUInt16LE(0xffff, bytes.length - 12);
      }),
  ],
  ['a bomb that inflates without end', 'MALLA-ENT-08!', () => bomb(limits.entry + 1)],
  [
    'two entries of one name',
    'MALLA-ENT-09!',
    () => writeZip(['a', 'b'].map((c) => ({ name: 'entrega.json', content: Buffer.from(c) }))),
  ],
  ['encrypted', 'MALLA-ENT-10!', () => zipWith('entrega.json', (bytes, at) => bytes.writeUInt16LE(0x801, at + 8))],
  [
    'an unknown compression',
    'MALLA-ENT-10!',
    () => zipWith('entrega.json', (bytes, at) => bytes.writeUInt16LE(14, at + 10)),
  ],
  [
    'a name that is not UTF-8',
    'MALLA-ENT-11!',
    () => zipWith('aa', (bytes, at) => bytes.writeUInt16LE(0xfffe, at + 46)),
  ],
  [
    'JSON in another encoding',
    'MALLA-ENT-11!',
    () => writeZip([{ name: 'entrega.json', content: Buffer.from('{"student":"Núñez"}', 'latin1') }]),
  ],
  [
    'JSON that ends in the middle',
    'MALLA-ENT-12!',
    async () => withText(await handInOf(), 'entrega.json', (t) => t.slice(0, 50)),
  ],
  [
    'a field that is not what it must be',
    'MALLA-ENT-12!',
    async () => withText(await handInOf(), 'entrega.json', (t) => t.replace('"student": "ana"', '"student": ["ana"]')),
  ],
  [
    'a code with a formula',
    'MALLA-ENT-12!',
    async () => withText(await handInOf(), 'entrega.json', (t) => t.replace('"student": "ana"', '"student": "=cmd()"')),
  ],
  ['without entrega.json', 'MALLA-ENT-12!', () => writeZip([{ name: 'hola.txt', content: Buffer.from('hola') }])],
  [
    'a newer format',
    'MALLA-ENT-13!',
    async () => withText(await handInOf(), 'entrega.json', (t) => t.replace('malla-entrega/1', 'malla-entrega/7')),
  ],
  [
    'prototype pollution',
    'MALLA-ENT-14!',
    async () =>
      withText(await handInOf(), 'entrega.json', (t) => t.replace('"malla"', '"__proto__": {"admin": true}, "malla"')),
  ],
  [
    'prototype pollution in the journal',
    'MALLA-ENT-14!',
    async () =>
      withText(await handInOf(), 'registro.jsonl', (t) => t.replace('"answers":{', '"answers":{"constructor":"x",')),
  ],
])('a hand-in that is %s is refused: %s', async (_what, code, make) => {
  expect(codes(await make())).toEqual([code]);
});

test.each<[string, string, () => Promise<Buffer>]>([
  [
    'a manifest that was edited',
    'MALLA-ENT-15',
    async () => withText(await handInOf(), `objetos/${sha256(manifest)}.yaml`, (t) => t.replace('reviews', 'ratings')),
  ],
  [
    'a file that is missing',
    'MALLA-ENT-15',
    async () => withEntries(await handInOf(), (all) => all.filter((e) => !e.name.startsWith('ficheros/'))),
  ],
  [
    'a file that was added',
    'MALLA-ENT-16',
    async () =>
      withEntries(await handInOf(), (all) => [...all, { name: 'notas.txt', content: Buffer.from('sube nota') }]),
  ],
  [
    'a verdict that was edited',
    'MALLA-ENT-17',
    async () => withText(await handInOf(), 'registro.jsonl', (t) => t.replace('"requests":214', '"requests":215')),
  ],
  [
    'a record that was taken out',
    'MALLA-ENT-17',
    async () =>
      withText(await handInOf({ records: [recordOf(), recordOf({ step: 'mitad' })] }), 'registro.jsonl', (t) =>
        t.slice(t.indexOf('\n') + 1),
      ),
  ],
  [
    'records in another order',
    'MALLA-ENT-17',
    async () =>
      withText(
        await handInOf({ records: [recordOf(), recordOf({ step: 'mitad' })] }),
        'registro.jsonl',
        (t) => `${t.trim().split('\n').reverse().join('\n')}\n`,
      ),
  ],
  [
    'another code under the same signature',
    'MALLA-ENT-18',
    async () => withText(await handInOf(), 'entrega.json', (t) => t.replace('"student": "ana"', '"student": "eva"')),
  ],
  [
    'a seal of another course',
    'MALLA-ENT-19',
    () => handInOf({ key: createStudentKey(createCourseKey('Otro'), 'ana') }),
  ],
  ['the seal of another student', 'MALLA-ENT-20', () => handInOf({ student: 'eva', key: anasKey })],
  ['no seal', 'MALLA-ENT-21', () => handInOf({ key: undefined })],
  [
    'a clock that ran back',
    'MALLA-ENT-22',
    () => handInOf({ records: [recordOf(), recordOf({ step: 'mitad', at: '2026-11-19T09:00:00.000Z' })] }),
  ],
  ['a clock from the future', 'MALLA-ENT-22', () => handInOf({ at: '2031-01-01T00:00:00.000Z' })],
  ['sealed before its last record', 'MALLA-ENT-22', () => handInOf({ at: '2026-11-20T08:00:00.000Z' })],
  [
    'more objects than any lab has',
    'MALLA-ENT-30',
    () =>
      handInOf({
        records: [
          recordOf({
            objects: Array.from({ length: limits.objects + 1 }, (_, i) => ({
              apiVersion: 'v1',
              kind: 'ConfigMap',
              namespace: 'default',
              name: `c${i}`,
              sha256: sha256(manifest),
            })),
          }),
        ],
      }),
  ],
  ['an object of two megabytes', 'MALLA-ENT-30', () => big('# '.repeat(limits.text))],
  ['packed again by another program', 'MALLA-ENT-37', async () => repacked(await handInOf())],
  [
    'escapes of a terminal',
    'MALLA-ENT-38',
    () => handInOf({ records: [recordOf({ answers: { ninguna: '\u001b]0;hola\u0007\u001b[2J' } })] }),
  ],
  ['letters that turn the direction', 'MALLA-ENT-38', () => big('name: \u202Etxt.exe\n')],
  [
    'a script in an answer',
    'MALLA-ENT-39',
    () => handInOf({ records: [recordOf({ answers: { ninguna: '<script>alert(1)</script>' } })] }),
  ],
  [
    'a formula in an answer',
    'MALLA-ENT-39',
    () => handInOf({ records: [recordOf({ answers: { ninguna: '=HYPERLINK("http://x")' } })] }),
  ],
  ['a script in its YAML', 'MALLA-ENT-39', () => big('# <img src=x onerror=alert(1)>\n')],
  [
    'a text that is not UTF-8',
    'MALLA-ENT-11',
    async () => {
      const latin = Buffer.from('# año\n', 'latin1');
      return withLatin(latin);
    },
  ],
])('%s is told by its code, and the rest is read', async (_what, code, make) => {
  const bytes = await make();
  expect(codes(bytes)).toContain(code);
  expect(readHandIn(bytes, options).handIn.labs.map((l) => l.lab)).toEqual(['canary']);
});

test('what is told of a hand-in can be shown anywhere: nothing in it is obeyed or hidden', async () => {
  const bytes = await handInOf({ records: [recordOf({ answers: { ninguna: '\u001b[31m<script>\u202E' } })] });
  for (const { message } of readHandIn(bytes, options).problems) expect(message).toMatch(/^[\p{L}\p{N}\p{P}\p{S} ]+$/u);
});

test('reading changes no prototype', async () => {
  const bytes = withText(await handInOf(), 'registro.jsonl', (t) =>
    t.replace('"answers":{', '"__proto__":{"polluted":1},"answers":{'),
  );
  codes(bytes);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

/** Its file and object are `text`. */
function big(text: string): Promise<Buffer> {
  const digest = sha256(text);
  const [object] = recordOf().objects ?? [];
  const objects = object ? [{ ...object, sha256: digest }] : [];
  return handInOf({ records: [recordOf({ files: [{ path: 'a.yaml', sha256: digest }], objects })], texts: [text] });
}

async function withLatin(bytes: Buffer): Promise<Buffer> {
  const digest = sha256(bytes);
  const made = await handInOf({ records: [recordOf({ files: [{ path: 'a.yaml', sha256: digest }] })], key: undefined });
  const name = `ficheros/${digest}.txt`;
  const whole = withEntries(made, (all) => [...all, { name, content: bytes }]);
  return withText(whole, 'entrega.json', (text) => {
    const said = JSON.parse(text) as { entries: unknown[] };
    said.entries.push({ name, sha256: digest, bytes: bytes.length });
    return JSON.stringify(said);
  });
}

function bomb(size: number): Buffer {
  return deflated('entrega.json', deflateRawSync(Buffer.alloc(size)));
}

/** One entry whose bytes are compressed, which says of itself that it is small. */
function deflated(name: string, packed: Buffer): Buffer {
  const bytes = writeZip([{ name, content: packed }]);
  const at = bytes.readUInt32LE(bytes.length - 6);
  bytes.writeUInt16LE(8, at + 10);
  bytes.writeUInt32LE(10, at + 24);
  return bytes;
}

/** As zip programs do: a time in each header. */
function repacked(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.readUInt32LE(copy.length - 6);
  copy.writeUInt16LE(0x5a21, at + 12);
  return copy;
}
