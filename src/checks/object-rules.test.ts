import { expect, test } from 'vitest';
import { brokenRule } from './object-rules.ts';

const object = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews' },
  spec: { hosts: ['reviews'], http: [{ route: [{ weight: 90 }, { weight: 10 }] }] },
};
const broken = (rule: string) => brokenRule(object, [{ rule, message: 'no se cumple' }]);

test('rules that are kept say nothing', async () => {
  expect(await broken('self.spec.http[0].route.size() == 2')).toBeUndefined();
  expect(await broken("self.spec.hosts.exists(h, h.startsWith('rev'))")).toBeUndefined();
  expect(await broken('self.spec.http[0].route.all(r, r.weight > 5)')).toBeUndefined();
});

test('one that is not kept, or whose field is not there, gives its message', async () => {
  expect(await broken('self.spec.http.size() == 2')).toBe('no se cumple');
  expect(await broken('self.spec.gateways.size() > 0')).toBe('no se cumple');
  expect(await broken('self.spec.http[3].route.size() > 0')).toBe('no se cumple');
});

test('what is no CEL is not the fault of the object', async () => {
  await expect(broken('self.spec.(')).rejects.toThrow('no se puede evaluar');
});
