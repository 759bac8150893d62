import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { readCheck } from '../check-schema.ts';
import { forms } from './forms.ts';
import { checkPages } from './pages.ts';

const folder = join(import.meta.dirname, '../../../docs/comprobaciones');

test('docs/comprobaciones is what the kinds say', () => {
  const written = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  expect(written).toEqual(checkPages());
});

describe.each(Object.entries(forms))('%s', (name, form) => {
  test('is in the table under its own name', () => {
    expect(form.type).toBe(name);
  });

  test('its example is a check of this kind', () => {
    expect(readCheck(parse(form.example), 7)).toMatchObject({ declaration: { type: name, line: 7 } });
  });

  test('each field is described, with a final period', () => {
    const { properties = {} } = z.toJSONSchema(z.strictObject(form.fields), { io: 'input', unrepresentable: 'any' });
    for (const [field, { description }] of Object.entries(properties as Record<string, { description?: string }>)) {
      expect(description, field).toMatch(/[.:]$/);
    }
  });

  test('a key that nobody knows is refused', () => {
    const written = { ...parse(form.example), inventado: 1 };
    expect(readCheck(written, 1)).toMatchObject({ issues: [{ code: 'unrecognized_keys', keys: ['inventado'] }] });
  });
});
