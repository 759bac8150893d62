// What the stored configuration should do with a request from a pod, and what is said of it while it is on its way.
import { expect, test } from 'vitest';
import { findCause } from './find-cause.ts';
import { createScene } from './scene.ts';
import { forecastPodRequest } from './security/pod-forecast.ts';
import {
  type Asked,
  asked,
  bearer,
  forbidden,
  httpbinWorld,
  keysOf,
  outside,
  peer,
  policy,
  strict,
  tokens,
} from './security.fixture.ts';

const bad: Asked = { headers: bearer(), expected: { status: 401 } };

test('what is stored and right has no object at fault: it is on its way', () => {
  const world = httpbinWorld().add(peer(strict));
  const cause = findCause(asked(world, {}, outside), createScene(world.objects));
  expect(cause.code).toBe('MALLA-PET-06');
  expect(cause.at).toBeUndefined();
});

test.each([
  ['a client without sidecar is cut off by STRICT', [peer(strict)], outside, 'right'],
  ['and is not without it', [], outside, 'wrong'],
  ['a client of the mesh enters', [peer(strict)], {}, 'right'],
  ['a policy that denies', [policy('cerrado', {})], forbidden, 'right'],
  ['and one that is not there', [], forbidden, 'wrong'],
  ['an application may say 404 by itself', [], { expected: { status: 404 } }, 'unknown'],
  ['a token of another key', [tokens({ jwks: keysOf('foreign') })], bad, 'right'],
  ['a good token may have expired', [tokens()], bad, 'unknown'],
] as const)('forecast: %s', (_title, objects, options: Asked, says) => {
  const world = httpbinWorld().add(...objects);
  const symptom = asked(world, {}, options);
  if (symptom.type !== 'peticion') throw new Error('A request from a pod is meant.');
  expect(forecastPodRequest(createScene(world.objects), symptom.pattern)).toBe(says);
});
