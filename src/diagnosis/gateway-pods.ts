// The ingress gateway as Gateway objects see it: its pods, and which of their ports the entry address reaches.
import { selects } from '../cluster/labels.ts';
import { isReady } from './pods.ts';
import { ingressGateways } from './rules/installation.ts';
import { podsOf } from './rules/owner.ts';
import type { Gateway, Pod, Scene, Service } from './scene.ts';
import type { ServicePort } from './specs.ts';

export function gatewayPods(scene: Scene): Pod[] {
  return ingressGateways(scene).flatMap((d) => podsOf(scene, d));
}

/** A ready one if there is any. */
export function gatewayPod(scene: Scene): Pod | undefined {
  const pods = gatewayPods(scene);
  return pods.find(isReady) ?? pods[0];
}

/** The Service by whose NodePort a request comes in. */
export function entryService(
  scene: Scene,
  { namespace, name }: { namespace: string; name: string },
): Service | undefined {
  return scene.services.find((s) => s.metadata.name === name && s.metadata.namespace === namespace);
}

/** A pod of the Service that is a proxy alone: a gateway. A ready one if there is any. */
export function proxyBehind(scene: Scene, service: Service): Pod | undefined {
  const pods = scene.pods.filter(
    (p) =>
      p.metadata.namespace === service.metadata.namespace &&
      selects(service.spec?.selector, p.metadata.labels) &&
      (p.spec?.containers ?? []).every((c) => c.name === 'istio-proxy'),
  );
  return pods.find(isReady) ?? pods[0];
}

export function gatewayServices(scene: Scene): Service[] {
  const pods = gatewayPods(scene);
  return scene.services.filter((s) => pods.some((p) => selects(s.spec?.selector, p.metadata.labels)));
}

/** The Service port that an entry URL stands for: the NodePort or port that it names, else the one for plain HTTP. */
export function entryPort(scene: Scene, url: URL): ServicePort | undefined {
  const ports = gatewayServices(scene).flatMap((s) => s.spec?.ports ?? []);
  const number = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  return (
    ports.find((p) => p.nodePort === number) ??
    ports.find((p) => p.port === number) ??
    ports.find((p) => p.port === (url.protocol === 'https:' ? 443 : 80)) ??
    ports.find((p) => p.name?.startsWith('http'))
  );
}

export function targetOf(port: ServicePort): number {
  return typeof port.targetPort === 'number' ? port.targetPort : (port.port ?? 0);
}

/** The pod port that a server's number ends on: numbers of the Service's ports are translated (istio-hechos §3). */
export function listenerPort(scene: Scene, number: number): number {
  const port = gatewayServices(scene)
    .flatMap((s) => s.spec?.ports ?? [])
    .find((p) => p.port === number);
  return port ? targetOf(port) : number;
}

export function selectsGatewayPods(scene: Scene, gateway: Gateway): boolean {
  return gatewayPods(scene).some((p) => selects(gateway.spec?.selector, p.metadata.labels));
}
