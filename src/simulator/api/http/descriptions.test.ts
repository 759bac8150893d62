import { expect, test } from 'vitest';
import { readDescriptions } from '../../../../scripts/build/kubernetes-descriptions.ts';
import { createKindTable } from '../kinds/kind-table.ts';
import { createSchemas } from '../schemas/schemas.ts';
import { referenced } from './openapi-schemas.ts';

test('what Kubernetes says of its fields goes into the schemas that use them', () => {
  const kinds = createKindTable();
  const kind = kinds.byKind('apps', 'Deployment');
  if (!kind) throw new Error('no Deployments');
  const served = [{ kind, version: 'v1' }];
  const { schemas } = referenced(createSchemas(kinds), served, '#/components/schemas/', readDescriptions());
  expect(schemas['io.k8s.api.apps.v1.DeploymentSpec']).toMatchObject({
    description: expect.stringContaining('Deployment'),
    properties: {
      replicas: { type: 'integer', description: expect.stringMatching(/Number of desired pods.*Defaults to 1\.$/s) },
    },
  });
});

test('nearly every schema is told of', () => {
  expect(Object.values(readDescriptions()).filter(([own]) => own !== '').length).toBeGreaterThan(500);
});
