// What a step of the course is said to need, without any cluster: too much, and it would not be tried; too little, and it
// would fail for what the cluster lacks.
import { expect, test } from 'vitest';
import { loadCourse } from '../../src/cli/course.ts';
import { hostFor } from '../integration/support/sandbox.ts';
import { type Needs, needsOf } from './support/needs.ts';

const course = await loadCourse(hostFor(''));

test.each<[string, string[], boolean]>([
  ['caida/desplegar', ['http-echo', 'nginx'], false],
  ['trazas/seguir', ['curl', 'jaeger'], false],
  ['trazas/muestreo', ['jaeger'], false],
  ['grafana/instalar', ['grafana', 'prometheus'], true],
  ['grafana/paneles', ['prometheus'], true],
  ['kiali/validar', [], false],
  ['proyecto-final/observar', ['jaeger', 'prometheus'], true],
])('%s needs %j, and Istio’s metrics: %s', (name, images, metrics) => {
  const { images: needed, metrics: counted } = of(name);
  const short = needed.map((image) => image.replace(/^.*\//, '').replace(/:.*$/, ''));
  expect([short.toSorted(), counted]).toEqual([images, metrics]);
});

test('an image that is planted to be replaced is not needed; what replaces it is', () => {
  const { images } = of('proyecto-final/malla');
  expect(images.filter((image) => image.includes('rating-v1'))).toEqual([]);
  expect(images.filter((image) => image.includes('ratings-v1'))).not.toEqual([]);
});

test('machines are needed until the cluster is made, and not after', () => {
  expect([of('cluster/preparar').machines, of('cluster/unir').machines]).toEqual([true, true]);
  expect(course.find((lab) => lab.id === 'cluster')?.steps.some((step) => !of(`cluster/${step.id}`).machines)).toBe(
    true,
  );
});

function of(name: string): Needs {
  const [id, stepId] = name.split('/');
  const lab = course.find((l) => l.id === id);
  const step = lab?.steps.find((s) => s.id === stepId);
  if (!lab || !step) throw new Error(`${name} is not in the course any more.`);
  return needsOf(lab, step);
}
