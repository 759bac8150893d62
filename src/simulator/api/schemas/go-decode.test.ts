import { expect, test } from 'vitest';
import { createKindTable } from '../kinds/kind-table.ts';
import { goDecodeError } from './go-decode.ts';
import { createSchemas } from './schemas.ts';

const schemas = createSchemas(createKindTable());

function complaint(apiVersion: string, kind: string, fields: object): string | undefined {
  const typed = schemas.of({ apiVersion, kind });
  return typed && goDecodeError({ apiVersion, kind, ...fields }, typed.schema, typed.definitions, kind);
}

// Messages of the API server of Kubernetes 1.34.4, from test/fidelity/recordings/kubernetes-real.json.
test.each<[string, string, object, string]>([
  [
    'apps/v1',
    'Deployment',
    { spec: { replicas: 'tres' } },
    'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'v1',
    'Service',
    { spec: { ports: [{ port: 'http' }] } },
    'json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32',
  ],
  ['v1', 'Pod', { spec: [] }, 'json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec'],
  [
    'v1',
    'ConfigMap',
    { data: { a: 1 } },
    'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
  ],
  ['v1', 'Secret', { data: { a: '%%%' } }, 'illegal base64 data at input byte 0'],
])('a %s %s with a value of another type is refused in the words of Go', (apiVersion, kind, fields, message) => {
  expect(complaint(apiVersion, kind, fields)).toBe(message);
});

test('what can be read has nothing to say', () => {
  expect(complaint('v1', 'Service', { spec: { ports: [{ port: 80, targetPort: 'http' }] } })).toBeUndefined();
  expect(complaint('v1', 'ConfigMap', { data: null })).toBeUndefined();
});
