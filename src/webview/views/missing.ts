// What a view says when the addon it reads is not there.
import { h } from '../element.ts';

const addons = {
  prometheus: {
    title: 'Falta Prometheus',
    why: 'Los proxies cuentan cada petición, pero nadie recoge esas cuentas todavía.',
    command: 'kubectl apply -f samples/addons/prometheus.yaml',
  },
  jaeger: {
    title: 'Falta Jaeger',
    why: 'Los proxies pueden enviar un tramo (span) por petición, pero nadie los guarda todavía.',
    command: 'kubectl apply -f samples/addons/jaeger.yaml',
  },
};

export function missingAddon(name: keyof typeof addons): HTMLElement {
  const { title, why, command } = addons[name];
  return h(
    'div',
    { class: 'missing', role: 'note' },
    h('h2', {}, title),
    h('p', {}, why),
    h('p', {}, 'Instálalo con el addon de Istio, desde la carpeta donde lo descargaste:'),
    h('pre', {}, h('code', {}, command)),
    h('p', {}, 'Envía después algo de tráfico y espera un cuarto de minuto.'),
  );
}
