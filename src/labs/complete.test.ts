import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { completeLab } from './complete.ts';
import { labJsonSchema } from './schemas.ts';

/** `|` is the cursor. */
function labels(text: string): string[] {
  const lines = text.split('\n');
  const line = lines.findIndex((l) => l.includes('|'));
  const column = lines[line]?.indexOf('|') ?? 0;
  return completeLab(text.replace('|', ''), line, column).map((s) => s.label);
}
const checks = (body: string) => `---\nid: x\n---\n\n## Paso {#paso}\n\n\`\`\`yaml comprobaciones\n${body}\n\`\`\`\n`;

test('the header offers the keys that it has not', () => {
  const keys = labels('---\nid: x\n|\n---\n');
  expect(keys).toEqual(expect.arrayContaining(['titulo', 'minutos', 'objetivos', 'requiere']));
  expect(keys).not.toContain('id');
});

test('a check offers its kinds, then the keys of the kind', () => {
  expect(labels(checks('- id: a\n  tipo: |'))).toEqual(
    expect.arrayContaining(['objeto', 'http', 'reparto', 'peticion']),
  );
  const keys = labels(checks('- id: a\n  tipo: pods\n  titulo: t\n  |\n- id: b\n  tipo: http'));
  expect(keys).toEqual(expect.arrayContaining(['espacio', 'selector', 'minimo', 'sidecar']));
  expect(keys).not.toContain('ruta');
  expect(keys).not.toContain('id');
});

test('a key with few values offers them', () => {
  expect(labels(checks('- id: a\n  tipo: pods\n  sidecar: |'))).toEqual(['true', 'false']);
  expect(labels(checks('- id: a\n  tipo: http\n  metodo: P|'))).toContain('POST');
});

test('outside, blocks and fences; inside another fence, nothing', () => {
  expect(labels('---\nid: x\n---\n\n::: |')).toContain('pista');
  expect(labels('---\nid: x\n---\n\n```|')).toContain('bash ejecutar');
  expect(labels('---\nid: x\n---\n\n```yaml fichero=a.yaml\nspec:\n  |\n```')).toEqual([]);
});

test('the JSON schema has every kind of check', () => {
  const { $defs } = labJsonSchema() as {
    $defs: { comprobacion: { anyOf: { properties: { tipo: { const: string } } }[] } };
  };
  expect($defs.comprobacion.anyOf.map((s) => s.properties.tipo.const)).toContain('reparto');
});

test('media/schemas/lab.schema.json is what the forms say', () => {
  const written = readFileSync(join(import.meta.dirname, '../../media/schemas/lab.schema.json'), 'utf8');
  expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(labJsonSchema())));
});
