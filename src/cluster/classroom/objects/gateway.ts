// A student's own ingress gateway: nobody shares a host, a port or a certificate with anybody.
import type { KubeObject } from '../../../mesh/objects.ts';
import { gatewayLabel } from '../../kubeadm/place.ts';
import { type ClassSettings, labelsOf, namespaceOf } from '../class.ts';
import type { Student } from '../roster.ts';

/** As Istio calls its own, so that what the labs say of it holds. */
export const gatewayName = 'istio-ingressgateway';
const gatewayAccount = 'istio-ingressgateway-service-account';

export function gatewayObjects(settings: ClassSettings, student: Student): KubeObject[] {
  const namespace = namespaceOf(settings, student);
  const metadata = (name: string) => ({ name, namespace, labels: labelsOf(settings, student) });
  const labels = { app: gatewayName, istio: gatewayLabel(student) };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(gatewayAccount) },
    {
      // istiod gives a gateway the certificates of the Secrets that its own account may read.
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: metadata('pasarela'),
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: metadata('pasarela'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'pasarela' },
      subjects: [{ kind: 'ServiceAccount', name: gatewayAccount, namespace }],
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata(gatewayName), labels: { ...labelsOf(settings, student), ...labels } },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: {
            labels: {
              ...labels,
              'sidecar.istio.io/inject': 'true',
              ...(settings.revision === '' ? {} : { 'istio.io/rev': settings.revision }),
            },
            annotations: { 'inject.istio.io/templates': 'gateway' },
          },
          spec: {
            serviceAccountName: gatewayAccount,
            containers: [
              {
                name: 'istio-proxy',
                // The injector puts its own.
                image: 'auto',
                // Of «auto» the server would think that it changes every day, and pull what the injector puts each time.
                imagePullPolicy: 'IfNotPresent',
                resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '1', memory: '256Mi' } },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata(gatewayName), labels: { ...labelsOf(settings, student), ...labels } },
      spec: {
        type: 'NodePort',
        selector: labels,
        ports: [
          { name: 'status-port', port: 15_021, targetPort: 15_021, protocol: 'TCP' },
          { name: 'http2', port: 80, targetPort: 8_080, protocol: 'TCP' },
          { name: 'https', port: 443, targetPort: 8_443, protocol: 'TCP' },
        ],
      },
    },
  ];
}
