// The stream of requests of the lab, always in view while it flows, with the button that stops it.
import { h } from './element.ts';
import type { PanelHost } from './host.ts';
import { t } from './l10n.ts';
import { small } from './numbers.ts';
import type { TrafficState } from './protocol.ts';

export interface TrafficLineState {
  traffic?: TrafficState;
  trusted: boolean;
}

export function trafficLine({ traffic, trusted }: TrafficLineState, { send }: PanelHost): HTMLElement[] {
  if (!traffic || !trusted) return [];
  const flows = traffic.rate > 0;
  return [
    h(
      'span',
      { class: flows ? 'badge badge-live' : 'badge' },
      flows ? t('Tráfico: {0}/s', small(traffic.rate)) : t('Tráfico parado'),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'secondary',
        'data-key': 'traffic',
        title: flows ? t('Deja de enviar peticiones a la aplicación') : t('Vuelve a enviar peticiones a la aplicación'),
        onclick: () => send('traffic', { flow: !flows }),
      },
      flows ? t('parar') : t('seguir'),
    ),
    ...(traffic.trouble ? [h('span', { class: 'traffic-trouble' }, traffic.trouble)] : []),
  ];
}
