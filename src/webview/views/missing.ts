// What a view says when what it reads is not there, and why.
import type { TrafficSource } from '../../views/metrics/traffic-source.ts';
import { h } from '../element.ts';
import { t } from '../l10n.ts';

interface Lack {
  title: string;
  why: string;
  /** What to do, with the commands or the YAML for it. */
  todo: string;
  code?: string;
  after?: string;
}

const AFTER = t('Envía después algo de tráfico y espera un cuarto de minuto.');
const ELSEWHERE = t('«Una petición» no necesita métricas, y «Trazas» tampoco.');
/** Envoy makes counters of its clusters only when it is told to. */
const MATCHER = `meshConfig:
  defaultConfig:
    proxyStatsMatcher:
      inclusionRegexps: ['cluster\\.(outbound|inbound).*upstream_rq.*']`;

const traffic: Record<Exclude<TrafficSource, 'con-metricas'>, Lack> = {
  'sin-metricas': {
    title: t('Falta Prometheus'),
    why: t('Los proxies cuentan cada petición, pero nadie recoge esas cuentas todavía.'),
    todo: t('Instálalo con el addon de Istio, desde la carpeta donde lo descargaste:'),
    code: 'kubectl apply -f samples/addons/prometheus.yaml',
    after: AFTER,
  },
  'sin-recoger': {
    title: t('Prometheus no recoge ningún proxy'),
    why: t('Prometheus contesta, pero no tiene ni una cuenta de un proxy de la malla.'),
    todo: t(
      'Mira en su página (Status → Targets) si los pods con sidecar están y se dejan leer. Recién instalado, espera un cuarto de minuto.',
    ),
    code: 'istioctl dashboard prometheus',
  },
  'sin-trafico': {
    title: t('Aún no hay tráfico'),
    why: t('Los proxies están preparados para contar peticiones, y no han contado ninguna.'),
    todo: AFTER,
  },
  'sin-contar': {
    title: t('Estos proxies no hacen las métricas de Istio'),
    why: t(
      'Prometheus recoge los proxies y ninguno tiene istio_requests_total: la telemetría está apagada en esta malla (telemetry.enabled o un Telemetry), o su Envoy se compiló sin el filtro istio.stats.',
    ),
    todo: t(
      'Puedes ver al menos las cuentas del propio Envoy. Añade esto a tu IstioOperator, aplícalo y reinicia los pods:',
    ),
    code: MATCHER,
    after: ELSEWHERE,
  },
  'solo-envoy': {
    title: t('Cuentas de Envoy, no de Istio'),
    why: t(
      'Estos proxies no hacen las métricas de Istio (istio_requests_total): lo que ves sale de los contadores de sus clusters, envoy_cluster_upstream_rq.',
    ),
    todo: t(
      'Dicen cuánto y con cuántos errores; no dicen la versión que contestó, si la conexión iba con mTLS ni quién llamó a un programa que comparte su Service con otros: se dibuja a través del Service. Quien no guarda esos contadores sale suelto, y lo que envía, como «origen desconocido».',
    ),
  },
};

const jaeger: Lack = {
  title: t('Falta Jaeger'),
  why: t('Los proxies pueden enviar un tramo (span) por petición, pero nadie los guarda todavía.'),
  todo: t('Instálalo con el addon de Istio, desde la carpeta donde lo descargaste:'),
  code: 'kubectl apply -f samples/addons/jaeger.yaml',
  after: AFTER,
};

const noSpans: Lack = {
  title: t('Jaeger no ha recibido ningún tramo'),
  why: t('Desde Istio 1.22 los proxies no envían tramos hasta que un Telemetry nombra un proveedor de trazas.'),
  todo: t('Aplica uno, por ejemplo el de Malla, que usa el proveedor «jaeger» del perfil demo:'),
  code: 'kubectl apply -f samples/addons/trazas.yaml',
  after: t(
    'Si ya lo tienes, envía tráfico: con el muestreo por omisión solo una petición de cada cien deja una traza.',
  ),
};

/** What to say of where the figures come from: nothing, when they are Istio's own. */
export function trafficNotes(source: TrafficSource): HTMLElement[] {
  return source === 'con-metricas' ? [] : [note(traffic[source])];
}

export function missingJaeger(): HTMLElement {
  return note(jaeger);
}

export function missingSpans(): HTMLElement {
  return note(noSpans);
}

function note({ title, why, todo, code, after }: Lack): HTMLElement {
  return h(
    'div',
    { class: 'missing', role: 'note' },
    h('h2', {}, title),
    h('p', {}, why),
    h('p', {}, todo),
    code !== undefined && h('pre', {}, h('code', {}, code)),
    after !== undefined && h('p', {}, after),
  );
}
