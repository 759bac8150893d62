import { expect, test } from 'vitest';
import { readTask, taskArguments } from './task-order.ts';

const access = { kubeconfig: '/k', entry: 'http://127.0.0.1:8' };
const args = (definition: object, where = '/w') => {
  const task = readTask({ type: 'malla', ...definition });
  return task && taskArguments(task, where, access);
};

test('each order becomes the arguments of the program', () => {
  expect(args({ orden: 'verificar', lab: 'canary' })).toEqual(['verificar', 'canary', '--carpeta', '/w']);
  expect(args({ orden: 'verificar', lab: 'canary', paso: 'mitad' }, '')).toEqual(['verificar', 'canary', 'mitad']);
  expect(args({ orden: 'medir', ruta: 'reviews', espacio: 'default' })).toEqual([
    'medir',
    'reviews',
    '--espacio',
    'default',
    '--kubeconfig',
    '/k',
    '--entrada',
    'http://127.0.0.1:8',
  ]);
  expect(args({ orden: 'aplicar', fichero: 'mis ficheros/a.yaml' })).toEqual([
    'kubectl',
    'apply',
    '-f',
    'mis ficheros/a.yaml',
  ]);
});

test.each([
  [{}],
  [{ orden: 'borrar', lab: 'canary' }],
  [{ orden: 'verificar' }],
  [{ orden: 'verificar', lab: '--kubeconfig=/otro' }],
  [{ orden: 'verificar', lab: 'canary', paso: '-x' }],
  [{ orden: 'aplicar', fichero: '--server=http://x' }],
  [{ orden: 'aplicar', fichero: 5 }],
])('%j is no task of ours', (definition) => {
  expect(args(definition)).toBeUndefined();
});
