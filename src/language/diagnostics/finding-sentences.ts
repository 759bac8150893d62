// Istio's findings in our own words. A finding that no row knows is told in Istio's own words.
import type { Finding } from '../../mesh/analysis.ts';
import { t } from '../say.ts';

interface Sentence {
  /** Of the catalogue. */
  code: string;
  message: string;
}

type Row = readonly [
  istio: string,
  text: RegExp,
  code: string,
  sentence: (...words: [string, string, string, string]) => string,
];

/** Undefined for what is about other people's objects or has a better place elsewhere. */
export function sentenceOf({ code, text }: Finding): Sentence | undefined {
  if (elsewhere.has(code)) return undefined;
  for (const [istio, pattern, own, sentence] of rows) {
    const found = istio === code ? pattern.exec(text) : null;
    if (found) return { code: own, message: sentence(found[1] ?? '', found[2] ?? '', found[3] ?? '', found[4] ?? '') };
  }
  return { code: 'MALLA-YML-19', message: t('Istio avisa ({0}): {1}', code, text) };
}

/** Of namespaces and pods, of which labs have checks of their own. */
const elsewhere = new Set(['IST0102', 'IST0103', 'IST0118', 'IST0150']);

const rows: readonly Row[] = [
  [
    'IST0101',
    /not found: "(.*)\+(.*)"$/,
    'MALLA-YML-10',
    (host, subset) =>
      t(
        'Ningún DestinationRule define el subset «{0}» de «{1}»: las peticiones que vayan a él recibirán 503.',
        subset,
        host,
      ),
  ],
  [
    'IST0101',
    /^Referenced (?:mirror )?host not found: "(.*)"$/,
    'MALLA-YML-08',
    (host) => t('No hay ningún servicio «{0}».', host),
  ],
  [
    'IST0101',
    /host:port not found: "(.*):(\d+)"$/,
    'MALLA-YML-09',
    (host, port) => t('El servicio «{0}» no tiene el puerto {1}.', host, port),
  ],
  [
    'IST0101',
    /^Referenced gateway not found: "(.*)"$/,
    'MALLA-YML-11',
    (name) => t('No hay ningún Gateway «{0}»: estas reglas no se aplicarán en él.', name),
  ],
  [
    'IST0101',
    /^Referenced selector not found: "(.*)"$/,
    'MALLA-YML-18',
    (labels) => t('Ningún pod tiene las etiquetas {0}.', labels),
  ],
  [
    'IST0101',
    /^Referenced namespace not found: "(.*)"$/,
    'MALLA-YML-18',
    (name) => t('No hay ningún espacio de nombres «{0}».', name),
  ],
  [
    'IST0112',
    /service "(.*)" that exposes multiple ports \[(.*)\]/,
    'MALLA-YML-09',
    (host, ports) =>
      t('«{0}» tiene varios puertos ({1}): di a cuál va con «port.number».', host, ports.replaceAll(' ', ', ')),
  ],
  [
    'IST0174',
    /host (.*) defined/,
    'MALLA-YML-08',
    (host) => t('No hay ningún servicio «{0}»: esta regla no se aplica a nadie.', host),
  ],
  [
    'IST0132',
    /host \[(.*)\] defined in VirtualService .* not found in Gateway (.*)\.$/,
    'MALLA-YML-12',
    (hosts, gateway) =>
      t(
        'El Gateway {0} no admite {1}: por él no llegarán peticiones a estas reglas.',
        gateway,
        hosts
          .split(' ')
          .map((h) => t('«{0}»', h))
          .join(', '),
      ),
  ],
  [
    'IST0130',
    /rule (.*) not used \((.*)\)/,
    'MALLA-YML-14',
    (rule, reason) => t('Ninguna petición llega a esta regla ({0}): {1}.', rule, reasonOf(reason)),
  ],
  [
    'IST0131',
    /rule (.*) match (.*) is not used \(duplicate\/overlapping match in rule (.*)\)/,
    'MALLA-YML-14',
    (_rule, match, earlier) =>
      t('Esta condición ({0}) no se usa: antes hay otra que recoge lo mismo ({1}).', match, earlier),
  ],
  [
    'IST0173',
    /Subset (.*) defined/,
    'MALLA-YML-15',
    (name) =>
      t(
        'Ningún pod del servicio tiene las etiquetas del subset «{0}»: las peticiones que vayan a él recibirán 503.',
        name,
      ),
  ],
  [
    'IST0109',
    /VirtualServices (.*) associated with mesh gateway define the same host (.*) which/,
    'MALLA-YML-16',
    (names, host) =>
      t(
        'Varios VirtualService ({0}) hablan del mismo host {1}: en los sidecars solo cuenta el más antiguo.',
        names.replaceAll(',', ', '),
        host,
      ),
  ],
  [
    'IST0110',
    /The Sidecars (.*) in/,
    'MALLA-YML-16',
    (names) => t('Varios Sidecar {0} seleccionan los mismos pods: no se sabe cuál cuenta.', names),
  ],
  [
    'IST0111',
    /The Sidecars (.*) in/,
    'MALLA-YML-16',
    (names) => t('Varios Sidecar {0} sin selector en el mismo espacio de nombres: no se sabe cuál cuenta.', names),
  ],
  [
    'IST0159',
    /The Telemetries (.*) in/,
    'MALLA-YML-16',
    (names) => t('Varios Telemetry {0} seleccionan los mismos pods: no se sabe cuál cuenta.', names),
  ],
  [
    'IST0160',
    /The Telemetries (.*) in/,
    'MALLA-YML-16',
    (names) => t('Varios Telemetry {0} sin selector en el mismo espacio de nombres: no se sabe cuál cuenta.', names),
  ],
  [
    'IST0145',
    /Conflict with gateways (.*) \(workload selector (.*), port (.*), hosts (.*)\)/,
    'MALLA-YML-16',
    (names, _selector, port, hosts) =>
      t('El puerto {0} y los hosts {1} ya los pide otro Gateway ({2}).', port, hosts, names),
  ],
  [
    'IST0138',
    /gateways \[(.*)\]/,
    'MALLA-YML-16',
    (names) =>
      t(
        'Varios Gateway ({0}) usan el mismo certificado: un navegador que reutilice la conexión puede recibir 404.',
        names,
      ),
  ],
  [
    'IST0162',
    /\(port (\d+)\)/,
    'MALLA-YML-17',
    (port) => t('El Service de la pasarela no tiene el puerto {0}: nadie de fuera puede llegar a él.', port),
  ],
  [
    'IST0127',
    /labels: (.*)$/,
    'MALLA-YML-18',
    (labels) =>
      t('Ningún pod con sidecar tiene las etiquetas {0}: esto no se aplica a nadie.', labels || t('que se piden')),
  ],
  [
    'IST0140',
    /virtual service (.*) has no effect on ingress gateway (.*) requests/,
    'MALLA-YML-19',
    (other) => t('Los subsets de {0} no valen para lo que entra por la pasarela: di aquí el subset.', other),
  ],
  [
    'IST0128',
    /mode set to (\w+)/,
    'MALLA-YML-19',
    (mode) => t('Con TLS {0} y sin caCertificates no se comprueba quién contesta.', mode),
  ],
  [
    'IST0129',
    /mode set to (\w+)/,
    'MALLA-YML-19',
    (mode) => t('Con TLS {0} y sin caCertificates no se comprueba quién contesta.', mode),
  ],
  [
    'IST0134',
    /.*/,
    'MALLA-YML-19',
    () => t('Para TCP hacen falta direcciones («addresses»): sin ellas no se sabe qué conexiones son de este host.'),
  ],
  [
    'IST0149',
    /key: (.*?)\).*gateway \((.*?)\)/,
    'MALLA-YML-19',
    (key, gateway) =>
      t('La regla mira un dato del token ({0}) y ninguna RequestAuthentication lo verifica en {1}.', key, gateway),
  ],
  [
    'IST0177',
    /define the same host "(.*)" and port (\d+)/,
    'MALLA-YML-16',
    (host, port) => t('Varios ServiceEntry dan protocolos distintos al puerto {0} de «{1}».', port, host),
  ],
  ['IST0108', /Unknown annotation: (.*)$/, 'MALLA-YML-19', (name) => t('Istio no conoce la anotación «{0}».', name)],
  [
    'IST0107',
    /Misplaced annotation: (.*) can only be applied to (.*)$/,
    'MALLA-YML-19',
    (name, where) => t('La anotación «{0}» solo vale en {1}.', name, where),
  ],
];

function reasonOf(reason: string): string {
  return (Object.hasOwn(reasons, reason) ? reasons[reason]?.() : undefined) ?? reason;
}

const reasons: Record<string, () => string> = {
  'only the last rule can have no matches': () => t('solo la última puede no tener condiciones'),
  'route without matches defined before': () => t('antes hay una sin condiciones, que lo recoge todo'),
  'all matches used by prior rules': () => t('las anteriores recogen ya todo lo que pide'),
};
