// Istio's findings in Spanish. A finding that no row knows is told in Istio's own words.
import type { Finding } from '../../mesh/analysis.ts';

interface Sentence {
  /** Of the catalogue. */
  code: string;
  message: string;
}

type Row = readonly [istio: string, text: RegExp, code: string, sentence: (...words: string[]) => string];

/** Undefined for what is about other people's objects or has a better place elsewhere. */
export function sentenceOf({ code, text }: Finding): Sentence | undefined {
  if (elsewhere.has(code)) return undefined;
  for (const [istio, pattern, own, sentence] of rows) {
    const found = istio === code ? pattern.exec(text) : null;
    if (found) return { code: own, message: sentence(...found.slice(1).map((word) => word ?? '')) };
  }
  return { code: 'MALLA-YML-19', message: `Istio avisa (${code}): ${text}` };
}

/** Of namespaces and pods, of which labs have checks of their own. */
const elsewhere = new Set(['IST0102', 'IST0103', 'IST0118', 'IST0150']);

const rows: readonly Row[] = [
  [
    'IST0101',
    /not found: "(.*)\+(.*)"$/,
    'MALLA-YML-10',
    (host, subset) =>
      `Ningún DestinationRule define el subset «${subset}» de «${host}»: las peticiones que vayan a él recibirán 503.`,
  ],
  [
    'IST0101',
    /^Referenced (?:mirror )?host not found: "(.*)"$/,
    'MALLA-YML-08',
    (host) => `No hay ningún servicio «${host}».`,
  ],
  [
    'IST0101',
    /host:port not found: "(.*):(\d+)"$/,
    'MALLA-YML-09',
    (host, port) => `El servicio «${host}» no tiene el puerto ${port}.`,
  ],
  [
    'IST0101',
    /^Referenced gateway not found: "(.*)"$/,
    'MALLA-YML-11',
    (name) => `No hay ningún Gateway «${name}»: estas reglas no se aplicarán en él.`,
  ],
  [
    'IST0101',
    /^Referenced selector not found: "(.*)"$/,
    'MALLA-YML-18',
    (labels) => `Ningún pod tiene las etiquetas ${labels}.`,
  ],
  [
    'IST0101',
    /^Referenced namespace not found: "(.*)"$/,
    'MALLA-YML-18',
    (name) => `No hay ningún espacio de nombres «${name}».`,
  ],
  [
    'IST0112',
    /service "(.*)" that exposes multiple ports \[(.*)\]/,
    'MALLA-YML-09',
    (host, ports) => `«${host}» tiene varios puertos (${ports.replaceAll(' ', ', ')}): di a cuál va con «port.number».`,
  ],
  [
    'IST0174',
    /host (.*) defined/,
    'MALLA-YML-08',
    (host) => `No hay ningún servicio «${host}»: esta regla no se aplica a nadie.`,
  ],
  [
    'IST0132',
    /host \[(.*)\] defined in VirtualService .* not found in Gateway (.*)\.$/,
    'MALLA-YML-12',
    (hosts, gateway) =>
      `El Gateway ${gateway} no admite ${hosts
        .split(' ')
        .map((h) => `«${h}»`)
        .join(', ')}: por él no llegarán peticiones a estas reglas.`,
  ],
  [
    'IST0130',
    /rule (.*) not used \((.*)\)/,
    'MALLA-YML-14',
    (rule, reason) => `Ninguna petición llega a esta regla (${rule}): ${reasons[reason] ?? reason}.`,
  ],
  [
    'IST0131',
    /rule (.*) match (.*) is not used \(duplicate\/overlapping match in rule (.*)\)/,
    'MALLA-YML-14',
    (_rule, match, earlier) => `Esta condición (${match}) no se usa: antes hay otra que recoge lo mismo (${earlier}).`,
  ],
  [
    'IST0173',
    /Subset (.*) defined/,
    'MALLA-YML-15',
    (name) =>
      `Ningún pod del servicio tiene las etiquetas del subset «${name}»: las peticiones que vayan a él recibirán 503.`,
  ],
  [
    'IST0109',
    /VirtualServices (.*) associated with mesh gateway define the same host (.*) which/,
    'MALLA-YML-16',
    (names, host) =>
      `Varios VirtualService (${names.replaceAll(',', ', ')}) hablan del mismo host ${host}: en los sidecars solo cuenta el más antiguo.`,
  ],
  [
    'IST0110',
    /The Sidecars (.*) in/,
    'MALLA-YML-16',
    (names) => `Varios Sidecar ${names} seleccionan los mismos pods: no se sabe cuál cuenta.`,
  ],
  [
    'IST0111',
    /The Sidecars (.*) in/,
    'MALLA-YML-16',
    (names) => `Varios Sidecar ${names} sin selector en el mismo espacio de nombres: no se sabe cuál cuenta.`,
  ],
  [
    'IST0159',
    /The Telemetries (.*) in/,
    'MALLA-YML-16',
    (names) => `Varios Telemetry ${names} seleccionan los mismos pods: no se sabe cuál cuenta.`,
  ],
  [
    'IST0160',
    /The Telemetries (.*) in/,
    'MALLA-YML-16',
    (names) => `Varios Telemetry ${names} sin selector en el mismo espacio de nombres: no se sabe cuál cuenta.`,
  ],
  [
    'IST0145',
    /Conflict with gateways (.*) \(workload selector (.*), port (.*), hosts (.*)\)/,
    'MALLA-YML-16',
    (names, _selector, port, hosts) => `El puerto ${port} y los hosts ${hosts} ya los pide otro Gateway (${names}).`,
  ],
  [
    'IST0138',
    /gateways \[(.*)\]/,
    'MALLA-YML-16',
    (names) =>
      `Varios Gateway (${names}) usan el mismo certificado: un navegador que reutilice la conexión puede recibir 404.`,
  ],
  [
    'IST0162',
    /\(port (\d+)\)/,
    'MALLA-YML-17',
    (port) => `El Service de la pasarela no tiene el puerto ${port}: nadie de fuera puede llegar a él.`,
  ],
  [
    'IST0127',
    /labels: (.*)$/,
    'MALLA-YML-18',
    (labels) => `Ningún pod con sidecar tiene las etiquetas ${labels || 'que se piden'}: esto no se aplica a nadie.`,
  ],
  [
    'IST0140',
    /virtual service (.*) has no effect on ingress gateway (.*) requests/,
    'MALLA-YML-19',
    (other) => `Los subsets de ${other} no valen para lo que entra por la pasarela: di aquí el subset.`,
  ],
  [
    'IST0128',
    /mode set to (\w+)/,
    'MALLA-YML-19',
    (mode) => `Con TLS ${mode} y sin caCertificates no se comprueba quién contesta.`,
  ],
  [
    'IST0129',
    /mode set to (\w+)/,
    'MALLA-YML-19',
    (mode) => `Con TLS ${mode} y sin caCertificates no se comprueba quién contesta.`,
  ],
  [
    'IST0134',
    /.*/,
    'MALLA-YML-19',
    () => 'Para TCP hacen falta direcciones («addresses»): sin ellas no se sabe qué conexiones son de este host.',
  ],
  [
    'IST0149',
    /key: (.*?)\).*gateway \((.*?)\)/,
    'MALLA-YML-19',
    (key, gateway) =>
      `La regla mira un dato del token (${key}) y ninguna RequestAuthentication lo verifica en ${gateway}.`,
  ],
  [
    'IST0177',
    /define the same host "(.*)" and port (\d+)/,
    'MALLA-YML-16',
    (host, port) => `Varios ServiceEntry dan protocolos distintos al puerto ${port} de «${host}».`,
  ],
  ['IST0108', /Unknown annotation: (.*)$/, 'MALLA-YML-19', (name) => `Istio no conoce la anotación «${name}».`],
  [
    'IST0107',
    /Misplaced annotation: (.*) can only be applied to (.*)$/,
    'MALLA-YML-19',
    (name, where) => `La anotación «${name}» solo vale en ${where}.`,
  ],
];

const reasons: Record<string, string> = {
  'only the last rule can have no matches': 'solo la última puede no tener condiciones',
  'route without matches defined before': 'antes hay una sin condiciones, que lo recoge todo',
  'all matches used by prior rules': 'las anteriores recogen ya todo lo que pide',
};
