// The stream of requests of the lab, always in view while it flows, with the button that stops it.
import { h } from './element.ts';
import type { PanelHost } from './host.ts';
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
      flows ? `Tráfico: ${small(traffic.rate)}/s` : 'Tráfico parado',
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'secondary',
        'data-key': 'traffic',
        title: flows ? 'Deja de enviar peticiones a la aplicación' : 'Vuelve a enviar peticiones a la aplicación',
        onclick: () => send('traffic', { flow: !flows }),
      },
      flows ? 'parar' : 'seguir',
    ),
    ...(traffic.trouble ? [h('span', { class: 'traffic-trouble' }, traffic.trouble)] : []),
  ];
}
