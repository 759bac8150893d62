import { expect, test } from 'vitest';
import { dropEmpties } from './empties.ts';
import type { Schema } from './schema.ts';

const map: Schema = { type: 'object', additionalProperties: { type: 'string' } };
const spec: Schema = {
  type: 'object',
  required: ['rules'],
  properties: {
    labels: map,
    names: { type: 'array', items: { type: 'string' } },
    rules: { type: 'array', items: { type: 'string' } },
    emptyDir: { $ref: 'EmptyDir' },
  },
};
const schema: Schema = { type: 'object', properties: { data: map, spec: { $ref: 'Spec' }, status: map } };
const definitions = { Spec: spec, EmptyDir: { type: 'object', properties: { medium: { type: 'string' } } } };

test('empty maps and lists go, at every depth; structures, what Go always writes and a status stay', () => {
  const object = { data: {}, spec: { labels: {}, names: [], rules: [], emptyDir: {} }, status: {} };
  dropEmpties(object, schema, definitions);
  expect(object).toEqual({ spec: { rules: [], emptyDir: {} }, status: {} });
});
