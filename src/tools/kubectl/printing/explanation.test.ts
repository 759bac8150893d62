import { expect, test } from 'vitest';
import { type Document, explainText } from './explanation.ts';

const gvk = { group: 'apps', version: 'v1', kind: 'Thing' };
const document: Document = {
  components: {
    schemas: {
      Thing: {
        type: 'object',
        description:
          'A thing that holds things, and says of itself more than fits in the seventy-six characters of a line.',
        required: ['name'],
        properties: {
          name: { type: 'string', description: 'Name of it.' },
          tags: { type: 'object', additionalProperties: { type: 'string' } },
          parts: { type: 'array', items: { allOf: [{ $ref: '#/components/schemas/x.Thing' }] } },
          color: { type: 'string', enum: ['', 'a', 'b', 'c', 'd'] },
        },
        'x-kubernetes-group-version-kind': [gvk],
      },
      'x.Thing': { type: 'object', properties: { within: { $ref: '#/components/schemas/x.Thing' } } },
    },
  },
};

test('a type is told with its fields, their kinds and what must be there', () => {
  expect(explainText(document, gvk, [], false)).toBe(`DESCRIPTION:
    A thing that holds things, and says of itself more than fits in the
    seventy-six characters of a line.
    
FIELDS:
  color\t<string>
  enum: "", a, b, c, ....
    <no description>

  name\t<string> -required-
    Name of it.

  parts\t<[]Thing>
    <no description>

  tags\t<map[string]string>
    <no description>


`);
});

test('fields are followed through lists and references, and a type that contains itself comes to an end', () => {
  expect(explainText(document, gvk, ['parts', 'within'], false)).toContain('FIELD: within <Thing>\n');
  expect(explainText(document, gvk, ['parts', 'nothing'], false)).toBeUndefined();
  expect(explainText(document, gvk, [], true)).toContain('  parts\t<[]Thing>\n    within\t<Thing>\n  tags');
});
