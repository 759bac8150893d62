import { expect, test } from 'vitest';
import { parseLab } from './parse.ts';
import { pageActions, renderIntroduction, renderStep } from './render.ts';
import { renderTerminal } from './terminal.ts';

const head = '---\nid: uno\ntitulo: Uno\nminutos: 5\nclusters: [embebido]\nobjetivos: [aprender]\n---\n';
const image = (path: string): string => `vscode-resource:/${path}`;

function page(body: string) {
  const { lab } = parseLab(`${head}${body}`, { file: 'f', folder: '/f', samples: () => undefined });
  const step = lab?.steps[0];
  if (!lab || !step) throw new Error('The lab does not parse.');
  return { html: renderStep(lab, step, { image }), actions: pageActions(lab, step), lab };
}

test('buttons count the actions of the page, in order', () => {
  const { html, actions } = page(
    '## P {#p}\n\n```yaml fichero=a.yaml\nx: 1\n```\n\n```bash ejecutar\nkubectl get pods\nkubectl get svc\n```\n',
  );
  expect([...html.matchAll(/data-action="(crear|ejecutar)" data-index="(\d)"/g)].map((m) => `${m[1]} ${m[2]}`)).toEqual(
    ['crear 0', 'ejecutar 1', 'ejecutar 2'],
  );
  expect(actions).toMatchObject([
    { type: 'file', path: 'a.yaml' },
    { argv: ['kubectl', 'get', 'pods'] },
    { argv: ['kubectl', 'get', 'svc'] },
  ]);
});

test('a manifest may be applied by the number of its file, and a file of settings may not', () => {
  const { html } = page(
    '## P {#p}\n\n```yaml fichero=a.yaml\nx: 1\n```\n\n```yaml fichero=b.yaml\napiVersion: v1\nkind: Pod\n```\n\n```bash ejecutar\nkubectl get pods\n```\n',
  );
  expect([...html.matchAll(/data-action="(\w+)" data-index="(\d)"/g)].map((m) => `${m[1]} ${m[2]}`)).toEqual([
    'crear 0',
    'crear 1',
    'aplicar 1',
    'ejecutar 2',
  ]);
});

test('a term of the glossary is explained in place', () => {
  const { lab } = page('Un [pod](../../docs/glosario.md#pod) y [otro](https://e.es).\n\n## P {#p}\n\nx\n');
  const html = renderIntroduction(lab, { image, glossary: new Map([['pod', 'Lo que "se" ejecuta.']]) });
  expect(html).toContain('<abbr tabindex="0" title="Lo que &quot;se&quot; ejecuta.">pod</abbr>');
  expect(html).toContain('<a href="https://e.es">otro</a>');
});

test('HTML, scripts and command links of a lab do nothing', () => {
  const { html } = page(
    '## P {#p}\n\n<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n[a](command:evil) [b](javascript:alert(1)) [c](//evil.example) [d](data:text/html,x) [e](https://istio.io)\n\n![x](https://evil.example/x.png) ![y](../../etc/passwd)\n',
  );
  expect(html).not.toMatch(/<script|<img|href="(command|javascript|data|\/\/)/);
  expect(html).toContain('href="https://istio.io"');
});

test('pictures come from media alone, by the address that the panel gives', () => {
  const { lab } = page('![Planos](../../media/labs/uno/planos.svg)\n\n## P {#p}\n');
  expect(renderIntroduction(lab, { image })).toContain('<img src="vscode-resource:/labs/uno/planos.svg" alt="Planos">');
});

test('hints are folded one after another', () => {
  const { html } = page('## P {#p}\n\n::: pista\nUna\n:::\n\n::: pista\nDos\n:::\n');
  expect(html.match(/<details class="pista">/g)).toHaveLength(2);
});

test('in a terminal, text wraps at the width and commands are told by their prompt', () => {
  const text = renderTerminal(
    `${'palabra '.repeat(30)}\n\n- uno\n- dos\n\n\`\`\`bash ejecutar\nkubectl get pods\n\`\`\`\n`,
    { width: 40, color: false },
  );
  expect(Math.max(...text.split('\n').map((l) => l.length))).toBeLessThanOrEqual(40);
  expect(text).toContain('• uno\n• dos');
  expect(text).toContain('    $ kubectl get pods');
});

test('in a terminal, a table is in columns where it fits and in items where it does not', () => {
  const table = '| A | B |\n|---|---|\n| uno | dos tres cuatro |\n';
  expect(renderTerminal(table, { width: 40, color: false })).toBe('A    B\nuno  dos tres cuatro\n');
  expect(renderTerminal(table, { width: 15, color: false })).toBe('• uno\n    B: dos tres cuatro\n');
});
