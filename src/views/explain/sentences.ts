// A step of the engine as a sentence. Results that this table does not know are told by their figures.
import type { Outcome, Step } from '../../mesh/decision.ts';
import type { Tone } from './explained-request.ts';

type Facts = Step['facts'];
type Sentence = readonly [Tone, (facts: Facts) => string];

const sentences: Record<string, Sentence> = {
  'listener/matched': ['passed', (f) => `El proxy escucha HTTP en el puerto ${f.port}.`],
  'listener/not-found': ['stop', (f) => `Nadie escucha en el puerto ${f.port}: la conexión se rechaza.`],
  'listener/passthrough': [
    'changed',
    (f) => `El puerto ${f.port} no es HTTP de ningún servicio: el proxy deja pasar la conexión adonde iba.`,
  ],
  'listener/tcp': ['passed', (f) => `El puerto ${f.port} está declarado TCP: pasan bytes y no se miran reglas HTTP.`],
  'virtual-host/matched': ['passed', (f) => `El host «${f.authority}» es de «${f.domain}».`],
  'virtual-host/ignored': [
    'skipped',
    (f) => `Otro VirtualService más nuevo dice el mismo host, «${f.domain}»: no cuenta.`,
  ],
  'virtual-host/passthrough': [
    'changed',
    (f) => `«${f.authority}» no es un host de la malla: la petición sigue adonde iba.`,
  ],
  'listener/blocked': [
    'stop',
    (f) => `El puerto ${f.port} no es de ningún servicio y la malla solo deja salir a lo registrado (REGISTRY_ONLY).`,
  ],
  'virtual-host/blocked': [
    'stop',
    (f) => `«${f.authority}» no está en el registro y la malla solo deja salir a lo registrado (REGISTRY_ONLY).`,
  ],
  'virtual-host/not-found': ['stop', (f) => `Ningún host configurado es «${f.authority}».`],
  'match/rejected': ['skipped', rejected],
  'match/matched': ['passed', () => 'Cumple las condiciones de esta regla.'],
  'rule/matched': [
    'passed',
    (f) => (f.name && f.name !== '-' ? `Se aplica la regla «${f.name}».` : 'Se aplica esta regla.'),
  ],
  'rule/not-found': ['stop', () => 'Ninguna regla encaja con la petición.'],
  'rule/https-redirect': ['changed', () => 'El servidor del Gateway manda toda petición a https.'],
  'delegate/delegated': ['passed', (f) => `La regla delega en el VirtualService ${f.delegate}.`],
  'delegate/delegate-not-found': [
    'skipped',
    (f) => `Esta regla no cuenta: delega en ${f.delegate}, que no existe o tiene hosts propios.`,
  ],
  'delegate/delegate-not-visible': [
    'skipped',
    (f) => `Esta regla no cuenta: ${f.delegate} no se exporta a este espacio de nombres.`,
  ],
  'delegate/delegate-conflict': [
    'skipped',
    () => 'Esta regla delegada no cuenta: sus condiciones no son parte de las de la regla que delega.',
  ],
  'fault/delayed': ['changed', (f) => `Un fallo inyectado retiene la petición ${f.milliseconds} ms (${f.percent} %).`],
  'fault/not-delayed': ['skipped', (f) => `Retener ${f.milliseconds} ms al ${f.percent} %: esta vez no ha tocado.`],
  'fault/aborted': ['stop', (f) => `Un fallo inyectado contesta ${f.status} sin llamar a nadie (${f.percent} %).`],
  'fault/not-aborted': ['skipped', (f) => `Contestar ${f.status} al ${f.percent} %: esta vez no ha tocado.`],
  'cors/preflight': ['changed', (f) => `El proxy contesta él mismo la consulta previa (preflight) de «${f.origin}».`],
  'cors/allowed': ['passed', (f) => `El origen «${f.origin}» está permitido: la respuesta llevará sus cabeceras CORS.`],
  'cors/not-allowed': ['skipped', (f) => `El origen «${f.origin}» no está permitido: la respuesta no llevará CORS.`],
  'timeout/set': ['passed', (f) => `La respuesta tiene ${f.milliseconds} ms para llegar, reintentos incluidos.`],
  'retry/set': ['passed', (f) => `Si falla, se reintenta hasta ${f.attempts} veces (${f.on}).`],
  'retry/off': ['passed', () => 'Si falla, no se reintenta.'],
  'mirror/copied': ['changed', (f) => `Una copia de la petición va a ${target(f)} (${f.percent} %).`],
  'mirror/not-copied': ['skipped', (f) => `Esta vez no va copia a ${target(f)} (${f.percent} %).`],
  'rewrite/rewritten': ['changed', rewritten],
  'policy/accepted': [
    'passed',
    (f) => `La conexión se acepta: el modo es ${f.mode} y llega ${f.mtls ? 'con' : 'sin'} mTLS.`,
  ],
  'policy/refused-plain-text': ['stop', () => 'La conexión se corta: el modo es STRICT y llega sin mTLS.'],
  'policy/invalid-token': ['stop', (f) => `El token no vale: «${f.text}».`],
  'policy/allowed': ['passed', () => 'Una regla de la política deja pasar la petición.'],
  'policy/denied': ['stop', () => 'Una regla DENY encaja: 403.'],
  'policy/denied-by-default': ['stop', () => 'Hay políticas ALLOW y ninguna regla encaja: 403.'],
  'policy/skipped': ['skipped', () => 'Esta regla de la política no encaja por lo que dice aquí.'],
  'policy/noted': ['skipped', () => 'Encaja, pero solo se anota (AUDIT o dry-run): no decide nada.'],
  'policy/unanswered': [
    'stop',
    () => 'La política es CUSTOM y en este clúster no hay quien conteste por ella: se rechaza.',
  ],
  'policy/unanswered-open': [
    'passed',
    () => 'La política es CUSTOM y no hay quien conteste por ella, pero su proveedor dice failOpen: pasa.',
  ],
  'destination/drawn': [
    'passed',
    (f) =>
      `Sale por sorteo ${target(f)}, con peso ${f.weight} de ${f.total} (número ${Number(f.draw).toLocaleString('es', { maximumFractionDigits: 3 })}).`,
  ],
  'destination/only': ['passed', (f) => `El destino es ${target(f)}.`],
  'destination/none': ['stop', () => 'Todos los pesos son 0: no hay destino.'],
  'destination/host-not-found': ['stop', (f) => `No existe ningún servicio «${f.host}».`],
  'destination/port-not-found': ['stop', (f) => `El servicio «${f.host}» no tiene ese puerto.`],
  'subset/found': ['passed', (f) => `El subset «${f.subset}» son los pods con ${f.labels}: ${f.pods}.`],
  'subset/subset-not-found': ['stop', (f) => `Ningún DestinationRule define el subset «${f.subset}» de «${f.host}».`],
  'endpoint/only': ['passed', (f) => `Llega al pod ${f.pod}, el único que hay.`],
  'endpoint/drawn': ['passed', (f) => `Llega al pod ${f.pod}, uno de ${f.candidates} (${f.balance}).`],
  'endpoint/original': ['passed', (f) => `La conexión sigue a ${f.address}, adonde iba el cliente.`],
  'endpoint/none': ['stop', (f) => `«${f.cluster}» no tiene ningún pod listo.`],
};

export function sentenceOf({ kind, result, facts }: Step): { text: string; tone: Tone } {
  const known = sentences[`${kind}/${result}`];
  if (known) return { tone: known[0], text: known[1](facts) };
  if (kind === 'reply') return { tone: 'stop', text: replied(result, facts) };
  const figures = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return { tone: toneOf(result), text: `${titles[kind]}: ${[result, ...figures].join(', ')}.` };
}

const titles: Record<Step['kind'], string> = {
  listener: 'Puerto',
  'virtual-host': 'Host',
  rule: 'Regla',
  match: 'Condición',
  fault: 'Fallo inyectado',
  destination: 'Destino',
  subset: 'Subset',
  endpoint: 'Pod',
  policy: 'Política',
  timeout: 'Timeout',
  retry: 'Reintentos',
  delegate: 'Delegación',
  cors: 'CORS',
  mirror: 'Copia',
  rewrite: 'Reescritura',
  reply: 'Respuesta',
};

function toneOf(result: string): Tone {
  if (/denied|refused|closed|aborted|invalid/.test(result)) return 'stop';
  return /not|no-|skipped|rejected/.test(result) ? 'skipped' : 'changed';
}

function rejected({ operator, expected, actual, negated }: Facts): string {
  if (operator === undefined) return 'Esta regla no encaja.';
  const found = actual === '' ? 'la petición no lo trae' : `la petición trae «${actual}»`;
  return `No encaja: pide ${negated ? 'que no sea ' : ''}${operator} «${expected}» y ${found}.`;
}

function rewritten({ to, authority }: Facts): string {
  const parts = [to !== undefined && `camino «${to}»`, authority !== undefined && `host «${authority}»`];
  return `El servicio recibirá otro ${parts.filter(Boolean).join(' y otro ')}.`;
}

function target({ host, subset }: Facts): string {
  return subset ? `el subset «${subset}» de ${host}` : `${host}`;
}

function replied(details: string, { status, flags }: Facts): string {
  return `El proxy contesta ${status} por sí mismo (${details}${flags ? `, marca ${flags}` : ''}).`;
}

/** How a hop ends, in one sentence. */
export function outcomeSentence(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'forward':
      return `La petición llega al pod ${outcome.endpoint.pod || outcome.endpoint.address}.`;
    case 'reply':
      return `El proxy contesta ${outcome.status} sin llamar a nadie.`;
    case 'refused':
      return 'La conexión se rechaza: no hay respuesta HTTP.';
    case 'passthrough':
      return 'El proxy no decide: la petición va adonde el cliente quería.';
  }
}
