import { expect, test } from 'vitest';
import { mayExist } from './image-tags.ts';

test.each([
  'nginx',
  'nginx:latest',
  'nginx:1.29-alpine',
  'busybox:1.35',
  'docker.io/library/nginx:stable',
  'fortio/fortio:latest_release',
  'localhost:5000/nginx:x',
  'my.registry:5000/a/b/nginx:mia',
  'nginx@sha256:abc',
])('%s could be there', (image) => {
  expect(mayExist(image)).toBe(true);
});

test.each(['busybox:no-hay', 'nginx:noexiste', 'docker.io/library/nginx:latets', 'fortio/fortio:inventada'])(
  '%s is nowhere',
  (image) => {
    expect(mayExist(image)).toBe(false);
  },
);
