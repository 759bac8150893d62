import { expect, test } from 'vitest';
import { bookinfoFolder, canaryYaml, gatewayYaml, here, workspaceWith } from '../fixtures.ts';
import { previewOf } from './preview.ts';
import { previewText } from './preview-text.ts';

const told = (text: string, saved: string, more: Record<string, string> = {}) =>
  previewOf(bookinfoFolder(text, more), here, saved)?.requests.map(
    ({ title, before, after, changed }) =>
      `${changed ? '≠' : '='} ${title}: ${before.map((s) => `${s.percent} ${s.to}`).join(' + ')} → ${after.map((s) => `${s.percent} ${s.to}`).join(' + ')}`,
  );

test('other weights are told with their exact shares', () => {
  expect(told(canaryYaml.replace('90', '50').replace('weight: 10', 'weight: 50'), canaryYaml)).toEqual([
    '≠ GET reviews/: 90 reviews:9080 v1 + 10 reviews:9080 v2 → 50 reviews:9080 v1 + 50 reviews:9080 v2',
  ]);
});

test('a new rule changes the requests that meet its conditions, and no others', () => {
  const rule =
    '  http:\n    - match:\n        - headers:\n            end-user:\n              exact: jason\n      route:\n        - destination: {host: reviews, subset: v2}\n';
  expect(told(canaryYaml.replace('  http:\n', rule), canaryYaml)).toEqual([
    '≠ GET reviews/ (end-user: jason): 90 reviews:9080 v1 + 10 reviews:9080 v2 → 100 reviews:9080 v2',
    '= GET reviews/: 90 reviews:9080 v1 + 10 reviews:9080 v2 → 90 reviews:9080 v1 + 10 reviews:9080 v2',
  ]);
});

test('the same file changes nothing', () => {
  expect(told(canaryYaml, canaryYaml)?.every((line) => line.startsWith('='))).toBe(true);
});

test('a subset that is not defined is seen as the error it would give', () => {
  expect(told(canaryYaml.replace('subset: v2', 'subset: v9'), canaryYaml)?.[0]).toMatch(/10 .*respuesta 503/);
});

test('a gateway opens what was closed', () => {
  const route = canaryYaml
    .replace('name: reviews', 'name: entrada')
    .replace('- reviews', '- "*"')
    .replace('  http:', '  gateways: [bookinfo-gateway]\n  http:');
  const ingress =
    'apiVersion: v1\nkind: Service\nmetadata: {name: istio-ingressgateway, namespace: istio-system}\nspec:\n  selector: {istio: ingressgateway}\n  ports: [{name: http2, port: 80, targetPort: 8080}]\n';
  const preview = previewOf(
    bookinfoFolder(`${gatewayYaml}---\n${route}`, { 'file:///gateway.yaml': 'x: 1', 'file:///in.yaml': ingress }),
    here,
    '',
  );
  expect(preview?.requests[0]).toMatchObject({ title: 'GET /', before: [{ to: 'conexión rechazada' }], changed: true });
  expect(preview?.requests[0]?.after.map(({ percent }) => percent)).toEqual([90, 10]);
});

test('with a cluster, what is there is what it is held against', () => {
  const workspace = bookinfoFolder(canaryYaml);
  workspace.setCluster(workspace.objectsFor(here).filter((o) => o.kind !== 'VirtualService'));
  const preview = previewOf(workspace, here, undefined);
  expect(preview).toMatchObject({ against: 'cluster', objects: [{ change: 'new' }] });
  expect(preview?.requests[0]?.changed).toBe(true);
});

test('the page draws nothing that the file says', () => {
  const text = canaryYaml.replace('name: reviews', 'name: "x|y[a](command:z)<b>"');
  const preview = previewOf(bookinfoFolder(text), here, canaryYaml);
  const page = preview && previewText('a|b.yaml', preview);
  expect(page).toContain('\\[a\\]\\(command:z\\)\\<b\\>');
  expect(page).toContain('a\\|b.yaml');
});

test('a file without objects has no preview', () => {
  expect(previewOf(workspaceWith({ [here]: 'a: 1' }), here, undefined)).toBeUndefined();
});
