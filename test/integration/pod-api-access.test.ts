// Kubernetes' own task «Accessing the Kubernetes API from a Pod», with the real kubectl: the API answers inside the cluster as
// outside of it, to whoever the pod's token says.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, startWithKubectl, type WithKubectl } from './support/with-kubectl.ts';

const pod = (name: string, image: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: { containers: [{ name: 'c', image, command: ['sleep', '3600'] }] },
});
const closed = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'closed' },
  spec: { podSelector: { matchLabels: { app: 'closed' } }, policyTypes: ['Egress'], egress: [] },
};
const items = [
  pod('client', 'curlimages/curl:8.16.0'),
  pod('closed', 'curlimages/curl:8.16.0'),
  pod('box', 'busybox:1.36'),
  closed,
];

test.skipIf(!missing)('SKIPPED: there is no kubectl on the PATH, so nothing of this file was tested', () => {});

describe.skipIf(missing)('a pod', () => {
  let running: WithKubectl;

  beforeAll(async () => {
    running = await startWithKubectl();
    await running.apply(...items);
    await running.kubectl('wait', '--for=condition=Ready', 'pod', '--all', '--timeout=60s');
  });

  afterAll(() => running?.remove());

  /** What the script writes, with its exit code. */
  async function inPod(name: string, script: string): Promise<string> {
    const { code, stdout, stderr } = await running.attempt('exec', name, '--', 'sh', '-c', script);
    return `${stdout}${stderr.replace(/command terminated with exit code \d+\n/, '')}[${code}]`;
  }

  const setUp = `
    APISERVER=https://kubernetes.default.svc
    SERVICEACCOUNT=/var/run/secrets/kubernetes.io/serviceaccount
    NAMESPACE=$(cat \${SERVICEACCOUNT}/namespace)
    TOKEN=$(cat \${SERVICEACCOUNT}/token)
    CACERT=\${SERVICEACCOUNT}/ca.crt
  `;
  const ask = (path: string) =>
    `${setUp}curl -s --cacert \${CACERT} --header "Authorization: Bearer \${TOKEN}" -X GET \${APISERVER}${path}`;

  test('reads the API by its name, as its account', async () => {
    const versions = JSON.parse((await inPod('client', ask('/api'))).replace('[0]', ''));
    expect([versions.kind, versions.versions]).toEqual(['APIVersions', ['v1']]);
    const path = '/api/v1/namespaces/$NAMESPACE/pods';
    expect(await inPod('client', ask(path))).toContain(
      'pods is forbidden: User \\"system:serviceaccount:default:default\\" cannot list resource \\"pods\\" in API group \\"\\" in the namespace \\"default\\"',
    );
    await running.kubectl('create', 'rolebinding', 'lee', '--clusterrole=view', '--serviceaccount=default:default');
    const pods = JSON.parse((await inPod('client', ask(path))).replace('[0]', ''));
    expect(pods.items.map((p: { metadata: { name: string } }) => p.metadata.name)).toEqual(['box', 'client', 'closed']);
  });

  test('reads it by all its addresses, and nobody is somebody without a token', async () => {
    const code = (url: string) =>
      inPod('client', `${setUp}curl -s -o /dev/null -w '%{http_code}' --cacert $CACERT ${url}`);
    expect(await code('https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/version')).toBe('200[0]');
    expect(await code('https://kubernetes.default.svc.cluster.local/version')).toBe('200[0]');
    expect(await code('https://kubernetes.default/api/v1/pods')).toBe('403[0]');
    expect(
      await inPod('client', `${setUp}curl -s --cacert $CACERT -H 'Authorization: Bearer x' $APISERVER/api`),
    ).toContain('"code": 401');
  });

  test('does not believe a certificate that it does not know', async () => {
    expect(await inPod('client', 'curl -sS https://kubernetes.default.svc/version')).toMatch(
      /^curl: \(60\) SSL certificate problem: (self-signed certificate in certificate chain|unable to get local issuer certificate)\n\[60\]$/,
    );
    expect(
      await inPod('client', `curl -sk -o /dev/null -w '%{http_code}' https://kubernetes.default.svc/version`),
    ).toBe('200[0]');
    expect(await inPod('box', 'wget -qO- https://kubernetes.default.svc/version')).toMatch(
      /^\{[\s\S]*"gitVersion": *"v1\.34[\s\S]*wget: note: TLS certificate validation not implemented\n\[0\]$/,
    );
  });

  test('follows a watch until it has seen enough', async () => {
    const watched = await inPod('client', `${ask('/api/v1/namespaces/default/pods?watch=1')} --max-time 2 | head -n 1`);
    expect(JSON.parse(watched.split('\n')[0] ?? '')).toMatchObject({ type: 'ADDED', object: { kind: 'Pod' } });
  });

  test('is told what goes wrong: plain HTTP, TLS where there is none, a policy in between', async () => {
    expect(await inPod('client', 'curl -s http://kubernetes.default.svc:443/')).toBe(
      'Client sent an HTTP request to an HTTPS server.\n[0]',
    );
    expect(await inPod('client', 'curl -sS https://kube-dns.kube-system:9153/')).toMatch(/^curl: \(7\) .*\[7\]$/s);
    expect(await inPod('closed', 'curl -sS -m 1 -k https://10.96.0.1/version')).toMatch(
      /^curl: \(28\) Failed to connect to 10\.96\.0\.1 port 443 after \d+ ms: Timeout was reached\n\[28\]$/,
    );
  });
});
