import { expect, test } from 'vitest';
import { closest, distance, isTypo } from './typo.ts';

test.each(['istio-injectio', 'istio_injection', 'Istio-Injection', 'istio-inyection', 'istio-injectoin'])(
  '%s is a typo of istio-injection',
  (written) => expect(isTypo(written, 'istio-injection')).toBe(true),
);

test.each(['istio-injection', 'istio.io/rev', 'team', 'pod-security'])('%s is not', (written) =>
  expect(isTypo(written, 'istio-injection')).toBe(false),
);

test('short names need to be nearly the same', () => {
  expect(isTypo('v2', 'v1')).toBe(true);
  expect(isTypo('ratings', 'reviews')).toBe(false);
});

test('a swap of neighbours is one slip', () => expect(distance('ab', 'ba')).toBe(1));

test('the closest of several wins', () => {
  expect(closest('bookinfo-gatewy', ['gateway', 'bookinfo-gateway'], (n) => n)).toBe('bookinfo-gateway');
});
