// What Malla asks istioctl for: an IstioOperator file, the same for `install` and for `manifest generate`.
import { stringify } from 'yaml';

export interface NodePorts {
  plain: number;
  secure: number;
}

export interface IstioSettings {
  profile: 'demo' | 'default' | 'minimal';
  /** Undefined: the cluster chooses a NodePort at random. */
  entryPorts?: NodePorts;
  /** Ask for little, for small machines. */
  small: boolean;
  /**
   * For manifests that are applied as they are: with the webhook that validates what has no revision. `istioctl install`
   * puts it by itself.
   */
  defaultValidator?: boolean;
  /** Registry and path of Istio's images, e.g. of a class's own registry. Undefined: the release's own. */
  hub?: string;
  /** Undefined: the release's own. */
  tag?: string;
}

/** YAML of an IstioOperator. The profile decides what is not written here. */
export function istioOperator({
  profile,
  entryPorts: ports,
  small,
  hub,
  tag,
  defaultValidator,
}: IstioSettings): string {
  const hasGateway = profile !== 'minimal';
  const spec = {
    profile,
    ...(hub === undefined ? {} : { hub }),
    ...(tag === undefined ? {} : { tag }),
    components: {
      ...(small ? { pilot: { k8s: { resources: asks('10m', '100Mi') } } } : {}),
      ...(hasGateway ? { ingressGateways: [ingress(profile, ports, small)] } : {}),
      ...(small && profile === 'demo'
        ? { egressGateways: [{ name: 'istio-egressgateway', enabled: true, k8s: { resources: asks('10m', '40Mi') } }] }
        : {}),
    },
    values: {
      ...(defaultValidator ? { defaultRevision: 'default' } : {}),
      global: {
        // Class bundles bring the images: nothing is pulled that is there.
        imagePullPolicy: 'IfNotPresent',
        ...(small ? { proxy: { resources: asks('10m', '40Mi') } } : {}),
      },
      ...(small
        ? {
            pilot: { autoscaleEnabled: false },
            ...(hasGateway ? { gateways: { 'istio-ingressgateway': { autoscaleEnabled: false } } } : {}),
          }
        : {}),
    },
  };
  return stringify({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec });
}

function ingress(profile: IstioSettings['profile'], ports: IstioSettings['entryPorts'], small: boolean) {
  const service = ports ? { service: { ports: servicePorts(profile, ports) } } : {};
  const resources = small ? { resources: asks('10m', '40Mi') } : {};
  return { name: 'istio-ingressgateway', enabled: true, k8s: { ...resources, ...service } };
}

/** The list replaces the profile's, so it holds all that the profile has. */
function servicePorts(profile: IstioSettings['profile'], { plain, secure }: NodePorts) {
  const usual = [
    { name: 'status-port', port: 15_021, targetPort: 15_021 },
    { name: 'http2', port: 80, targetPort: 8080, nodePort: plain },
    { name: 'https', port: 443, targetPort: 8443, nodePort: secure },
  ];
  const more = [
    { name: 'tcp', port: 31_400, targetPort: 31_400 },
    { name: 'tls', port: 15_443, targetPort: 15_443 },
  ];
  return profile === 'demo' ? [...usual, ...more] : usual;
}

function asks(cpu: string, memory: string) {
  return { requests: { cpu, memory } };
}
