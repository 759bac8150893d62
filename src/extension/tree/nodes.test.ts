import { expect, test } from 'vitest';
import { createLabSession } from '../cluster/lab-session.ts';
import { aLab, aVerdict, playProgram } from '../test-builders.ts';
import { childrenOf, faceOf, type TreeNode } from './nodes.ts';

const lab = aLab({ steps: { uno: ['c1'], dos: ['c2'], teoria: [] } });

const of = () => undefined;

function followed() {
  const program = playProgram(() => ({ exitCode: 0 }));
  const session = createLabSession(lab, program);
  session.follow();
  return { session, program, root: { type: 'lab', session } satisfies TreeNode };
}

test('a lab counts its steps that are right, leaving out those with nothing to check', () => {
  const { program, root } = followed();
  program.say({ event: 'step', step: 'uno', state: 'correcto' });
  expect(faceOf(root)).toMatchObject({ description: '1/2', mark: 'en curso' });
  program.say({ event: 'step', step: 'dos', state: 'superado' });
  expect(faceOf(root)).toMatchObject({ description: 'terminado', mark: 'correcto' });
});

test('the tooltip of a wrong check says why, with its code', () => {
  const { program, root } = followed();
  const cause = { code: 'MALLA-INY-01', message: 'Falta la etiqueta', hint: 'ponla' };
  const verdict = { ...aVerdict('c1', 'incorrecto'), cause };
  program.say({ event: 'check', step: 'uno', check: 'c1', state: 'hecho', verdict });
  const step = childrenOf(root, of)[0];
  const check = step && childrenOf(step, of)[0];
  expect(check && faceOf(check)).toMatchObject({ mark: 'incorrecto', children: false });
  expect(check && faceOf(check).tooltip).toContain('MALLA-INY-01');
});

test('a lab tells first what it starts from, and whether that is done', () => {
  const { root } = followed();
  const before = createLabSession(
    aLab({ id: 'bookinfo', steps: { uno: ['c1'] } }),
    playProgram(() => ({ exitCode: 0 })),
  );
  const session = { ...root.session, lab: { ...lab, requires: ['bookinfo', 'otro'] } };
  const later: TreeNode = { type: 'lab', session };
  const first = () => {
    const [node] = childrenOf(later, (id) => (id === 'bookinfo' ? before : undefined));
    return node && faceOf(node);
  };
  expect(first()).toMatchObject({ label: 'Antes: bookinfo', description: 'falta', mark: 'pendiente' });
  before.remember(['uno']);
  expect(first()).toMatchObject({ description: 'hecho', mark: 'superado' });
});

test('ids are different along the whole tree', () => {
  const { root } = followed();
  const all = (node: TreeNode): string[] => [faceOf(node).id, ...childrenOf(node, of).flatMap(all)];
  expect(new Set(all(root)).size).toBe(1 + 3 + 2);
});
