import { expect, test } from 'vitest';
import { apiGateway, backend, httpRoute, prefix } from '../../../mesh/gateway-api/fixtures.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { proxyConfiguration } from './proxy-configuration.ts';

const proxy: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default', labels: { 'gateway.networking.k8s.io/gateway-name': 'front' } },
  spec: { containers: [{ name: 'istio-proxy' }] },
  status: { podIP: '10.244.1.9' },
};

test('a Gateway’s proxy is told of HTTPRoutes in Envoy’s words for them', () => {
  const rules = [{ matches: [prefix('/a')], backendRefs: [backend('web', { namespace: 'other' })] }];
  const objects = [apiGateway(), httpRoute('r', { hostnames: ['a.org'], rules })];
  const mesh = { version: 1, objects, meshConfig: {}, rootNamespace: 'istio-system' };
  const { routes } = proxyConfiguration(proxy, 'gateway', mesh);
  expect(routes).toMatchObject([
    {
      name: 'http.80',
      virtual_hosts: [
        {
          domains: ['a.org'],
          routes: [
            {
              name: 'default.r.0',
              match: { path_separated_prefix: '/a' },
              route: { cluster: 'UnknownService', cluster_not_found_response_code: 'INTERNAL_SERVER_ERROR' },
            },
          ],
        },
      ],
    },
  ]);
});
