import { expect, test } from 'vitest';
import type { Cluster, ClusterAccess } from '../cluster/contract.ts';
import type { KubeObject } from '../mesh/objects.ts';
import { addressOf, findAddress, printTarget, type Target, UnknownEntryError } from './entry.ts';
import { clusterOf } from './objects-client.fixture.ts';

const service = (namespace: string, name: string, ports: unknown[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { type: 'NodePort', ports },
});
const ingress = service('istio-system', 'istio-ingressgateway', [
  { port: 80, nodePort: 31380 },
  { port: 443, nodePort: 31390 },
]);
const own = service('default', 'hello', [{ port: 80, nodePort: 30123 }, { port: 81 }]);
const hello = { namespace: 'default', name: 'hello', port: 80 };

function ask(target: Partial<Target>, access: Partial<ClusterAccess> = {}, services = [ingress, own]) {
  const cluster = { access: { kind: 'kubeadm', kubeconfig: '', entry: 'http://10.0.0.5:31380', ...access } } as Cluster;
  const { url, closed } = addressOf(cluster, { path: '/x', ...target }, services);
  return closed ? `closed ${url.href}` : url.href;
}

test('plain requests go to the entry address', () => {
  expect(ask({})).toBe('http://10.0.0.5:31380/x');
  expect(() => ask({}, { entry: undefined } as never)).toThrow(UnknownEntryError);
});

test('HTTPS goes to the port beside the one of the entry address: NodePort, balancer, or as the provider says', () => {
  expect(ask({ scheme: 'https' })).toBe('https://10.0.0.5:31390/x');
  expect(ask({ scheme: 'https' }, { entry: 'http://192.168.1.240' })).toBe('https://192.168.1.240/x');
  expect(ask({ scheme: 'https' }, { secureEntry: 'https://127.0.0.1:4443' }, [])).toBe('https://127.0.0.1:4443/x');
  expect(ask({ scheme: 'https' }, {}, [])).toBe('closed https://istio-ingressgateway.istio-system/x');
});

test('a Service is entered by its NodePort, at the host of the entry address or where the provider says', () => {
  expect(ask({ service: hello })).toBe('http://10.0.0.5:30123/x');
  expect(ask({ service: hello }, { nodeHost: '172.18.0.2' })).toBe('http://172.18.0.2:30123/x');
});

test('without a NodePort there is nowhere to go', () => {
  expect(ask({ service: { ...hello, port: 81 } })).toBe('closed http://hello.default:81/x');
  expect(ask({ service: { ...hello, name: 'nobody' } })).toBe('closed http://nobody.default/x');
});

test('the cluster is asked for the Service only when one is needed', async () => {
  const asked: string[] = [];
  const { client } = clusterOf([ingress, own]);
  const get: typeof client.get = (ref) => {
    asked.push(ref.name);
    return client.get(ref);
  };
  const access = { kind: 'kubeadm', kubeconfig: '', entry: 'http://10.0.0.5:31380' } as const;
  const spied = { ...clusterOf([]), access, client: { ...client, get } };
  await findAddress(spied, { path: '/' });
  expect(asked).toEqual([]);
  await findAddress(spied, { path: '/', service: hello });
  expect(asked).toEqual(['hello']);
});

test('what is asked is told as a student would write it', () => {
  expect(printTarget({ path: '/x' })).toBe('/x');
  expect(printTarget({ path: '/x', server: 'hola.example.com' })).toBe('hola.example.com/x');
  expect(printTarget({ path: '/x', scheme: 'https', server: 'hola.example.com' })).toBe('https://hola.example.com/x');
  expect(printTarget({ path: '/x', service: hello })).toBe('hello.default:80/x');
});
