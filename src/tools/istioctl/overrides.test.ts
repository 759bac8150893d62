import { expect, test } from 'vitest';
import { at } from './manifests/settings.ts';
import { settingsFrom } from './overrides.ts';

test('without flags the profile is default: an ingress gateway and no access log', () => {
  const { profile, ingress, egress, meshConfig } = settingsFrom([], []);
  expect({ profile, ingress, egress, log: meshConfig.accessLogFile }).toEqual({
    profile: 'default',
    ingress: true,
    egress: false,
    log: undefined,
  });
});

test('--set reaches values, meshConfig, hub, tag and components', () => {
  const settings = settingsFrom(
    [
      'profile=demo',
      'hub=example.com/istio',
      'values.pilot.traceSampling=50',
      'meshConfig.outboundTrafficPolicy.mode=REGISTRY_ONLY',
      'components.egressGateways[0].enabled=false',
      String.raw`values.sidecarInjectorWebhook.injectedAnnotations.example\.com/a=b`,
    ],
    [],
  );
  expect(at(settings.values, 'global.hub')).toBe('example.com/istio');
  expect(at(settings.values, 'pilot.traceSampling')).toBe(50);
  expect(settings.meshConfig.outboundTrafficPolicy).toEqual({ mode: 'REGISTRY_ONLY' });
  expect(settings.egress).toBe(false);
  expect(settings.values.sidecarInjectorWebhook).toMatchObject({ injectedAnnotations: { 'example.com/a': 'b' } });
});

test('a file is overlaid by --set', () => {
  const file = 'kind: IstioOperator\nspec: {profile: demo, meshConfig: {accessLogFile: /a}}\n';
  const settings = settingsFrom(['meshConfig.accessLogFile=/b'], [file]);
  expect([settings.profile, settings.meshConfig.accessLogFile]).toEqual(['demo', '/b']);
});

test.each([
  ['profile=nope', 'profile "nope" not found'],
  ['nonsense.here=1', 'unknown field "nonsense"'],
  ['no-equals', 'must be of the form key=value'],
])('--set %s is refused', (set, reason) => {
  expect(() => settingsFrom([set], [])).toThrow(reason);
});

test('one installation leaves no trace in the next', () => {
  settingsFrom(['values.global.proxy.logLevel=debug', 'profile=demo'], []);
  expect(at(settingsFrom(['profile=demo'], []).values, 'global.proxy.logLevel')).toBe('warning');
});

test.each(['values.__proto__.polluted=1', 'meshConfig.constructor.prototype.polluted=1'])('%s is refused', (set) => {
  expect(() => settingsFrom([set], [])).toThrow('invalid path');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
