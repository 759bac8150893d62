import { expect, test } from 'vitest';
import { aLab } from '../test-builders.ts';
import { labDocument } from './lab-document.ts';

test('each step and check is at its line, and solutions and hints are not there', () => {
  const lab = aLab({ steps: { uno: ['a', 'b'], dos: ['c'] } });
  lab.introduction = 'Dos\nlíneas';
  const [first] = lab.steps;
  if (first) Object.assign(first, { markdown: 'texto', hints: ['PISTA'], solutionMarkdown: 'SOLUCIÓN' });
  const { text, lines } = labDocument(lab, 'Comprobaciones');
  const written = text.split('\n');
  expect(written[lines.get('uno') ?? -1]).toBe('## 1. uno');
  expect(written[lines.get('uno/b') ?? -1]).toBe('- b');
  expect(written[lines.get('dos/c') ?? -1]).toBe('- c');
  expect(text).not.toMatch(/PISTA|SOLUCIÓN/);
});
