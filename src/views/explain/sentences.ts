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
  'virtual-host/not-found': ['stop', (f) => `Ningún host configurado es «${f.authority}».`],
  'match/rejected': ['skipped', rejected],
  'match/matched': ['passed', () => 'Cumple las condiciones de esta regla.'],
  'rule/matched': [
    'passed',
    (f) => (f.name && f.name !== '-' ? `Se aplica la regla «${f.name}».` : 'Se aplica esta regla.'),
  ],
  'rule/not-found': ['stop', () => 'Ninguna regla encaja con la petición.'],
  'destination/drawn': [
    'passed',
    (f) => `Sale por sorteo ${target(f)}, con peso ${f.weight} de ${f.total} (número ${Number(f.draw).toFixed(3)}).`,
  ],
  'destination/only': ['passed', (f) => `El destino es ${target(f)}.`],
  'destination/none': ['stop', () => 'Todos los pesos son 0: no hay destino.'],
  'destination/host-not-found': ['stop', (f) => `No existe ningún servicio «${f.host}».`],
  'destination/port-not-found': ['stop', (f) => `El servicio «${f.host}» no tiene ese puerto.`],
  'subset/found': ['passed', (f) => `El subset «${f.subset}» son los pods con ${f.labels}: ${f.pods}.`],
  'subset/subset-not-found': ['stop', (f) => `Ningún DestinationRule define el subset «${f.subset}» de «${f.host}».`],
  'endpoint/only': ['passed', (f) => `Llega al pod ${f.pod}, el único que hay.`],
  'endpoint/drawn': ['passed', (f) => `Llega al pod ${f.pod}, uno de ${f.candidates} (${f.balance}).`],
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
