import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fullName, groupOf } from '../../cluster/bundle/image-names.ts';
import { loadLabs } from '../../labs/load.ts';
import { imagesOf } from '../../labs/made/made-by.ts';
import { objectsIn } from '../../labs/made/manifest-objects.ts';
import { courseImages } from './course-images.ts';

const root = join(import.meta.dirname, '../../..');
const { labs } = await loadLabs(join(root, 'labs'), join(root, 'samples'));
const istio = `apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod}
spec: {template: {spec: {containers: [{image: docker.io/istio/pilot:1.30.3}]}}}
`;

test('blue-green needs Istio, Bookinfo and what the labs before it need, and nothing of the addons', () => {
  const chosen = labs.filter((l) => l.id === 'blue-green');
  const { images, labs: covered } = courseImages(labs, chosen, istio);
  expect(covered.toSorted()).toEqual(['blue-green', 'bookinfo', 'instalacion', 'inyeccion']);
  expect(images).toContain('docker.io/istio/pilot:1.30.3');
  expect(images.filter((i) => i.includes('examples-bookinfo-'))).toHaveLength(6);
  expect(images).toContain('docker.io/library/nginx:1.22');
  expect(images.filter((i) => groupOf(i) === 'extras')).toEqual([]);
});

test('the whole course forgets no image of its samples', async () => {
  const { images } = courseImages(labs, labs, istio);
  const samples = globSync('samples/**/*.y*ml', { cwd: root });
  const named = (await Promise.all(samples.map((file) => readFile(join(root, file), 'utf8')))).flatMap((text) =>
    objectsIn(text).flatMap(imagesOf).map(fullName),
  );
  expect(named.length).toBeGreaterThan(10);
  // The shop of the final project names one that does not exist: finding that is part of the lab.
  const planted = ['registry.istio.io/release/examples-bookinfo-rating-v1:1.20.3'];
  expect(named.filter((image) => !images.includes(image))).toEqual(planted);
});

test('an image that only a mistake names is not looked for: it is not there to be found', () => {
  expect(
    courseImages(labs, labs, istio).images.filter((i) => i.includes('nginxx') || i.includes('bookinfo-rating-')),
  ).toEqual([]);
});

test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.28', 'docker.io/library/nginx:1.28'],
  ['istio/pilot:1.30.3', 'docker.io/istio/pilot:1.30.3'],
  ['aula:5000/nginx', 'aula:5000/nginx:latest'],
  ['quay.io/kiali/kiali:v2.26', 'quay.io/kiali/kiali:v2.26'],
  ['nginx@sha256:ab', 'docker.io/library/nginx@sha256:ab'],
])('%s in full is %s', (image, full) => {
  expect(fullName(image)).toBe(full);
});
