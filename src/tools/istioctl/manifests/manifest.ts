// Everything an installation applies, by component and in order.
import type { KubeObject } from '../../../mesh/objects.ts';
import { configMaps } from './config-maps.ts';
import { type Direction, gateway } from './gateway.ts';
import { istiodWorkload } from './istiod.ts';
import { type Component, managed } from './labels.ts';
import { istiodRbac, readerServiceAccount } from './rbac.ts';
import type { InstallSettings } from './settings.ts';
import { defaultTag, injectorWebhook, silencedInjector, validatorWebhook } from './webhooks.ts';

export interface ComponentManifest {
  component: Component;
  objects: KubeObject[];
}

/** Base without its CRDs, istiod, and the gateways that are switched on. */
export function manifest(settings: InstallSettings): ComponentManifest[] {
  const parts: [Component, KubeObject[]][] = [
    ['Base', [readerServiceAccount(settings.namespace)]],
    [
      'Pilot',
      [
        ...istiodRbac(settings.namespace),
        ...configMaps(settings),
        ...istiodWorkload(settings),
        injectorWebhook(settings),
        validatorWebhook(settings),
      ],
    ],
    ...gateways(settings).map((d): [Component, KubeObject[]] => [
      d === 'ingress' ? 'IngressGateways' : 'EgressGateways',
      gateway(settings, d),
    ]),
  ];
  return parts.map(([component, objects]) => ({
    component,
    objects: objects.map((o) => managed(o, component, settings.namespace)),
  }));
}

/** Applied at the end of the installation: this revision becomes the default one. */
export function defaultRevision(settings: InstallSettings): KubeObject[] {
  return [...defaultTag(settings), silencedInjector(settings)].map((o) => managed(o, 'Pilot', settings.namespace));
}

function gateways({ ingress, egress }: InstallSettings): Direction[] {
  return [...(ingress ? ['ingress' as const] : []), ...(egress ? ['egress' as const] : [])];
}
