// istiod's answer to the injection webhook.
import { type InjectionConfiguration, readInjectionConfiguration } from '../../tools/istioctl/inject/configuration.ts';
import { injectPod } from '../../tools/istioctl/inject/inject-pod.ts';
import { injectionRequired } from '../../tools/istioctl/inject/injection-required.ts';
import { nativeSidecars } from '../../tools/istioctl/inject/native-sidecars.ts';
import type { PodObject } from '../../tools/istioctl/inject/pod-shape.ts';
import { ProxyConfigError } from '../../tools/istioctl/inject/proxy-config.ts';
import type { AdmissionAnswer, AdmissionReview, ContainerContext } from '../contract.ts';

export function createInjector(context: ContainerContext): (review: AdmissionReview) => AdmissionAnswer {
  const configuration = configurationReader(context);
  return (review) => {
    const pod = review.object as PodObject | undefined;
    if (!pod || review.resource.resource !== 'pods') return { allowed: true };
    const namespace = review.namespace ?? pod.metadata.namespace ?? 'default';
    const current = configuration();
    if (!injectionRequired(pod, namespace, current)) return { allowed: true };
    const proxyConfigs = context.api?.list('networking.istio.io/proxyconfigs') ?? [];
    try {
      return { allowed: true, object: injectPod(pod, namespace, current, proxyConfigs) };
    } catch (error) {
      if (!(error instanceof ProxyConfigError)) throw error;
      return { allowed: false, message: error.message };
    }
  };
}

/** Reads the ConfigMaps again only when one of them, or the set of nodes, changed. */
function configurationReader({ api, env }: ContainerContext): () => InjectionConfiguration {
  const namespace = env.POD_NAMESPACE ?? 'istio-system';
  const suffix = !env.REVISION || env.REVISION === 'default' ? '' : `-${env.REVISION}`;
  let known: { key: string; configuration: InjectionConfiguration } | undefined;
  return () => {
    const injector = api?.get('configmaps', namespace, `istio-sidecar-injector${suffix}`);
    const mesh = api?.get('configmaps', namespace, `istio${suffix}`);
    const native = nativeSidecars(env.ENABLE_NATIVE_SIDECARS, api?.list('nodes') ?? []);
    const key = [injector, mesh].map((o) => o?.metadata.resourceVersion ?? '-').join() + native;
    if (known?.key !== key) known = { key, configuration: readInjectionConfiguration(injector, mesh, native) };
    return known.configuration;
  };
}
