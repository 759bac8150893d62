import { stringify } from 'yaml';

/** A kubeconfig as kubeadm leaves it on a machine, without its keys: nothing outside the simulator could use it. */
export function kubeconfig(name: string, advertise: string, caCertificate: string): string {
  const user = name === 'admin' ? 'kubernetes-admin' : `system:${name}`;
  const authority = Buffer.from(caCertificate).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'kubernetes', cluster: { 'certificate-authority-data': authority, server: `https://${advertise}:6443` } },
    ],
    contexts: [{ name: `${user}@kubernetes`, context: { cluster: 'kubernetes', user } }],
    'current-context': `${user}@kubernetes`,
    users: [{ name: user, user: {} }],
  });
}
