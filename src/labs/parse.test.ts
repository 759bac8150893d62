import { expect, test } from 'vitest';
import { parseLab } from './parse.ts';

const samples = (name: string): string | undefined => (name === 'a/b.yaml' ? 'kind: B\n' : undefined);
const head = '---\nid: uno\ntitulo: Uno\nminutos: 5\nclusters: [embebido]\nobjetivos: [aprender]\n---\n';

function parse(body: string, front = head) {
  return parseLab(front + body, { file: 'labs/uno/lab.md', folder: '/labs/uno', samples });
}

/** `CODE@line` of each problem. */
function problems(body: string, front = head): string[] {
  return parse(body, front).problems.map((p) => `${p.code}@${p.line}`);
}

const fence = (info: string, body: string): string => `\`\`\`${info}\n${body}\n\`\`\`\n`;
const solution = `::: solucion\n${fence('bash ejecutar', 'kubectl get pods')}:::\n`;
const check = (extra: string): string => `## Paso {#paso}\n\n${solution}\n${fence('yaml comprobaciones', extra)}`;

test('a step has its text, hints, checks, solution and mistakes apart', () => {
  const body = `Intro.

## Paso {#paso}

Texto.

::: pista
Una pista.
:::

::: error causa=MALLA-INY-02 comprobacion=c Un título
${fence('bash ejecutar', 'kubectl patch d -p \'{"a": 1}\'')}:::

${solution}
${fence('yaml comprobaciones', '- {id: c, tipo: inyeccion, titulo: Sí, espacio: default}')}
Final.
`;
  const { lab, problems: found } = parse(body);
  expect(found).toEqual([]);
  expect(lab?.introduction).toBe('Intro.');
  const [step] = lab?.steps ?? [];
  expect(step?.markdown.replace(/\n+/g, ' ')).toBe('Texto. Final.');
  expect(step).toMatchObject({
    id: 'paso',
    title: 'Paso',
    hints: ['Una pista.'],
    solution: [{ type: 'run', argv: ['kubectl', 'get', 'pods'] }],
    checks: [{ id: 'c', type: 'inyeccion', pattern: { namespace: 'default' } }],
    mistakes: [
      {
        title: 'Un título',
        cause: 'MALLA-INY-02',
        check: 'c',
        actions: [{ argv: ['kubectl', 'patch', 'd', '-p', '{"a": 1}'] }],
      },
    ],
  });
});

test('a file takes its content from a sample, and shows it', () => {
  const { lab } = parse(`## Paso {#paso}\n\n${fence('yaml fichero=b.yaml muestra=a/b.yaml', '')}`);
  expect(lab?.steps[0]?.markdown).toContain('kind: B');
  expect(problems(`## Paso {#paso}\n\n${fence('yaml fichero=b.yaml muestra=a/c.yaml', '')}`)).toEqual([
    'MALLA-LAB-11@10',
  ]);
});

test('commands may not need a shell, nor be any program', () => {
  const run = (command: string): string => `## Paso {#paso}\n\n${fence('bash ejecutar', command)}`;
  expect(problems(run('kubectl get pods | head'))).toEqual(['MALLA-LAB-12@11']);
  expect(problems(run('kubectl get $POD'))).toEqual(['MALLA-LAB-12@11']);
  expect(problems(run('kubectl get "unclosed'))).toEqual(['MALLA-LAB-12@11']);
  expect(problems(run('rm -rf /'))).toEqual(['MALLA-LAB-13@11']);
});

test('of Malla a lab may run one thing: a command on a machine', () => {
  const run = (command: string): string => `## Paso {#paso}\n\n${fence('bash ejecutar', command)}`;
  expect(problems(run("malla ssh nieve -- 'swapoff -a; free -h'"))).toEqual([]);
  for (const command of ['malla cluster borrar', 'malla ssh nieve', 'malla ssh nieve hostname', 'malla ssh ../x -- ls'])
    expect(problems(run(command))).toEqual(['MALLA-LAB-13@11']);
});

test('a lab may begin on machines', () => {
  const { lab } = parse('## Paso {#paso}\n', head.replace('minutos: 5', 'minutos: 5\ncluster: maquinas'));
  expect(lab?.machines).toBe(true);
  expect(problems('## Paso {#paso}\n', head.replace('minutos: 5', 'minutos: 5\ncluster: otro'))).toEqual([
    'MALLA-LAB-04@2',
  ]);
});

test('files stay inside the lab’s folder', () => {
  for (const path of ['../a.yaml', '/etc/passwd', 'a/../../b', 'C:\\a', '.ssh/id']) {
    expect(problems(`## Paso {#paso}\n\n${fence(`yaml fichero=${path}`, 'x: 1')}`)).toEqual(['MALLA-LAB-10@10']);
  }
});

test('a malformed front matter says what is missing or too much', () => {
  expect(problems('## Paso {#paso}\n', '')).toEqual(['MALLA-LAB-02@1']);
  expect(problems('## Paso {#paso}\n', '---\nid: [\n---\n')).toContain('MALLA-LAB-03@2');
  expect(problems('## Paso {#paso}\n', head.replace('minutos: 5', 'minutos: cinco'))).toEqual(['MALLA-LAB-04@2']);
  expect(problems('## Paso {#paso}\n', head.replace('minutos: 5', 'minutos: 5\nsobra: 1'))).toEqual(['MALLA-LAB-04@2']);
});

test('a check of an unknown kind, or with a wrong field, is refused at its line', () => {
  expect(problems(check('- {id: c, tipo: magia, titulo: T}'))).toEqual(['MALLA-LAB-15@17']);
  expect(problems(check('- {id: c, tipo: pods, titulo: T, espacio: default, selector: a=b, minimo: cero}'))).toEqual([
    'MALLA-LAB-15@17',
  ]);
  expect(problems(check("- {id: c, tipo: reparto, titulo: T, ruta: /, clases: {v1: '('}, esperado: {v1: 1}}"))).toEqual(
    ['MALLA-LAB-15@17'],
  );
  expect(problems(check('no: es una lista'))).toEqual(['MALLA-LAB-14@17']);
  expect(problems(check('- {id: c'))).toContain('MALLA-LAB-14@18');
});

test('a mistake names an existing check and a code', () => {
  const step = (info: string): string =>
    `## Paso {#paso}\n\n::: error ${info}\n:::\n\n${solution}\n${fence('yaml comprobaciones', '- {id: c, tipo: inyeccion, titulo: T, espacio: default}')}`;
  expect(problems(step('causa=MALLA-INY-02 comprobacion=otra'))).toEqual(['MALLA-LAB-19@10']);
  expect(problems(step('comprobacion=c'))).toEqual(['MALLA-LAB-09@10']);
});

test('blocks are of known kinds and closed, steps have ids of their own', () => {
  expect(problems('## Paso {#paso}\n\n::: magia\n:::\n')).toEqual(['MALLA-LAB-16@10']);
  expect(problems('## Paso {#paso}\n\n::: pista\nsin fin\n')).toEqual(['MALLA-LAB-17@10']);
  expect(problems('## Paso\n')).toEqual(['MALLA-LAB-06@8']);
  expect(problems('## Uno {#a}\n\n## Dos {#a}\n')).toEqual(['MALLA-LAB-07@10']);
  expect(problems('Sin pasos.')).toEqual(['MALLA-LAB-08@1']);
});

test('CRLF and a byte order mark make no difference', () => {
  const body = `## Paso {#paso}\n\nTexto.\n`;
  const text = `\uFEFF${(head + body).replaceAll('\n', '\r\n')}`;
  const { lab } = parseLab(text, { file: 'f', folder: '/f', samples });
  expect(lab?.steps[0]?.markdown).toBe('Texto.');
});

test('a hostile lab ends soon: deep nesting, huge files, aliases', () => {
  const begun = performance.now();
  parse(`## Paso {#paso}\n\n${'> '.repeat(5000)}x\n\n${'['.repeat(20_000)}\n\n${'*a_'.repeat(20_000)}`);
  const bomb = [
    'a: &a [1,1,1,1,1,1,1,1,1]',
    ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
  ].join('\n');
  expect(() => parse(check(bomb))).not.toThrow();
  expect(problems('x'.repeat(300_000))).toEqual(['MALLA-LAB-05@1']);
  expect(performance.now() - begun).toBeLessThan(3000);
});
