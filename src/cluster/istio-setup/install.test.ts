import { expect, test } from 'vitest';
import { inSpanish } from './install.ts';

test.each([
  ['✔ Istio core installed ⛵️', 'listo: los CRD y los permisos'],
  ['✔ Istiod installed 🧠', 'listo: istiod'],
  ['✔ Ingress gateways installed 🛬', 'listo: la puerta de entrada'],
  [
    '- Processing resources for Istiod. Waiting for Deployment/istio-system/istiod',
    'istiod: espero a Deployment/istio-system/istiod',
  ],
  ['- Processing resources for Ingress gateways.', 'la puerta de entrada…'],
  ['- Processing resources for Egress gateways, Ingress gateways.', 'la puerta de salida y la puerta de entrada…'],
  [
    '- Processing resources for Istio core. Waiting for CustomResourceDefinition//a.istio.io, CustomResourceDefinition//b.istio.io',
    'los CRD y los permisos: espero a CustomResourceDefinition/a.istio.io',
  ],
])('%s', (line, spanish) => {
  expect(inSpanish(line)).toBe(spanish);
});

test('what is not understood is not shown', () => {
  expect(inSpanish('        |\\')).toBeUndefined();
  expect(inSpanish('')).toBeUndefined();
});
