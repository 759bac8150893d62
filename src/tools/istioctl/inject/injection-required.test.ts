import { expect, test } from 'vitest';
import { readInjectionConfiguration } from './configuration.ts';
import { injectionRequired } from './injection-required.ts';

const configuration = readInjectionConfiguration(undefined, undefined, true);

function required(
  labels: Record<string, string>,
  { annotations = {}, namespace = 'default', hostNetwork = false, config = configuration } = {},
) {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', labels, annotations }, spec: { hostNetwork } };
  return injectionRequired(pod, namespace, config);
}
const inject = 'sidecar.istio.io/inject';

test.each([
  ['no label', {}, {}, true],
  ['label true', { [inject]: 'true' }, {}, true],
  ['label false', { [inject]: 'false' }, {}, false],
  ['a word that is neither', { [inject]: 'maybe' }, {}, true],
  ['annotation false', {}, { annotations: { [inject]: 'false' } }, false],
  ['the label wins over the annotation', { [inject]: 'true' }, { annotations: { [inject]: 'false' } }, true],
  ['host network', { [inject]: 'true' }, { hostNetwork: true }, false],
  ['kube-system', { [inject]: 'true' }, { namespace: 'kube-system' }, false],
])('%s', (_, labels, options, expected) => {
  expect(required(labels, options)).toBe(expected);
});

test('a policy of disabled injects only who asks', () => {
  const config = { ...configuration, policy: 'disabled' as const };
  expect([required({}, { config }), required({ [inject]: 'true' }, { config })]).toEqual([false, true]);
});

test('selectors decide for pods without a wish, never before always', () => {
  const selector = { matchLabels: { legacy: 'yes' } };
  const config = { ...configuration, neverInjectSelector: [selector], alwaysInjectSelector: [selector] };
  expect(required({ legacy: 'yes' }, { config })).toBe(false);
  expect(required({ legacy: 'yes', [inject]: 'true' }, { config })).toBe(true);
});
