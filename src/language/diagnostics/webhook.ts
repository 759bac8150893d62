// What istiod's webhook would refuse or warn of, at the field it speaks of.
import { validate } from '../../mesh/validation/validate.ts';
import type { PathPart } from '../paths.ts';
import { t } from '../say.ts';
import type { WrittenObject } from '../written-file.ts';
import { walk } from '../yaml-nodes.ts';
import type { Problem } from './problem.ts';
import type { WrittenDocument } from './written-document.ts';

/** Never throws. In Istio's words, because those are what kubectl will print. */
export function webhookProblems(written: WrittenDocument, { object, at }: WrittenObject): Problem[] {
  if (!object) return [];
  const { errors, warnings } = validate(object);
  const problem = (text: string, refused: boolean): Problem => ({
    range: rangeFor(written, at, text),
    severity: refused ? 'error' : 'warning',
    code: refused ? 'MALLA-YML-06' : 'MALLA-YML-07',
    istio: refused ? 'IST0106' : 'IST0133',
    message: refused
      ? t('Istio no aceptará este objeto. {0}', inOurWords(text))
      : t('Istio avisará al aplicarlo. {0}', inOurWords(text)),
    fixes: [],
  });
  return [
    ...errors.map((text) => problem(text, true)),
    // Rules that are never reached have a finding of their own, at their line.
    ...warnings.filter((text) => !text.startsWith('virtualService rule ')).map((text) => problem(text, false)),
  ];
}

/** The first key that the text names, as the last part of a path of the object. */
function rangeFor(written: WrittenDocument, at: readonly PathPart[], text: string) {
  const own = keyOf(text);
  const root = at.length === 0 ? written.document.contents : written.document.getIn(at, true);
  if (own !== undefined)
    for (const { path, found } of walk(root)) {
      const name = path.at(-1);
      if (name === own.key && (own.value === undefined || textAt(written, found.value) === own.value))
        return written.rangeOf(at, path);
    }
  return written.rangeOf(at, ['spec']);
}

function textAt(written: WrittenDocument, span: readonly [number, number] | undefined): string {
  return span ? written.part.text.slice(span[0], span[1]).replace(/^["']|["']$/g, '') : '';
}

const places: readonly (readonly [RegExp, string])[] = [
  [/total destination weight/, 'route'],
  [/^weight /, 'weight'],
  [/fault injection/, 'fault'],
  [/percentage/, 'percentage'],
  [/HTTP status .* is not in range/, 'httpStatus'],
  [/retry policy|attempts/, 'retries'],
  [/retryOn/, 'retryOn'],
  [/duration/, 'timeout'],
  [/redirect code/, 'redirectCode'],
  [/redirect/, 'redirect'],
  [/rewrite/i, 'rewrite'],
  [/gateway/, 'gateways'],
  [/^domain|wildcard|duplicate hosts|host/, 'hosts'],
  [/port /, 'port'],
  [/jwksUri|jwks/i, 'jwtRules'],
];

function keyOf(text: string): { key: string; value?: string } | undefined {
  for (const [pattern, key] of places) if (pattern.test(text)) return { key };
  return undefined;
}

const known: readonly (readonly [RegExp, (...words: [string, string]) => string])[] = [
  [/^total destination weight = 0$/, () => t('Todos los pesos son 0: no hay adónde ir.')],
  [/^weight (-\d+) < 0$/, (weight) => t('Un peso no puede ser negativo ({0}).', weight)],
  [
    /^wildcard host \* is not allowed for virtual services bound to the mesh gateway$/,
    () => t('El host «*» solo vale en una pasarela: en la malla, nombra los servicios.'),
  ],
  [/^http, tcp or tls must be provided in virtual service$/, () => t('Faltan las reglas: «http», «tcp» o «tls».')],
  [
    /^HTTP route, redirect or direct_response is required$/,
    () => t('La regla no dice qué hacer: pon «route», «redirect» o «directResponse».'),
  ],
  [
    /^HTTP route cannot contain both (\w+) and (\w+)$/,
    (one, other) => t('Una regla no puede tener a la vez «{0}» y «{1}».', one, other),
  ],
  [/^HTTP fault injection must have an abort and\/or a delay$/, () => t('Un «fault» ha de tener «delay» o «abort».')],
  [
    /^http retry policy configured when attempts are set to 0 \(disabled\)$/,
    () => t('Hay detalles de reintentos y los intentos son 0: di cuántos en «attempts».'),
  ],
  [/^"(.*)" is not a valid retryOn policy$/, (word) => t('«{0}» no es un motivo de reintento.', word)],
  [
    /^HTTP status (\d+) is not in range/,
    (status) => t('{0} no es un código HTTP que se pueda devolver (200 a 599).', status),
  ],
  [
    /^duplicate hosts in virtual service: (.*) & (.*)$/,
    (one, other) => t('Los hosts «{0}» y «{1}» se pisan.', one, other),
  ],
  [/^portLevelMtls requires selector$/, () => t('Con «portLevelMtls» hace falta «selector».')],
];

/** In the language of the editor when a row knows the text, always with Istio's own, which is what kubectl prints. */
export function inOurWords(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  for (const [pattern, sentence] of known) {
    const found = pattern.exec(flat);
    if (found) return t('{0} («{1}»)', sentence(found[1] ?? '', found[2] ?? ''), flat);
  }
  return t('Dice: «{0}».', flat);
}
