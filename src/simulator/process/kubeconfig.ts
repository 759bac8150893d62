/** A kubeconfig for the administrator, whole in itself: moving the file keeps it working. */
export function kubeconfigText(access: { port: number; caCertificate: string; token: string }): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: malla-embebido
  cluster:
    server: https://127.0.0.1:${access.port}
    certificate-authority-data: ${Buffer.from(access.caCertificate).toString('base64')}
users:
- name: malla
  user:
    token: ${access.token}
contexts:
- name: malla
  context:
    cluster: malla-embebido
    user: malla
    namespace: default
current-context: malla
`;
}
