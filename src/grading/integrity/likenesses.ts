// What hand-ins of different students have in common that nobody gave them. It tells facts, side by side; there is no
// number in it that could be taken for a measure of guilt.
import type { Likeness } from '../class/class-result.ts';
import type { Graded } from '../replay/graded.ts';
import { commonLines } from './common-lines.ts';
import type { Owned } from './owned.ts';

export interface IntegrityInput {
  graded: readonly Graded[];
  /** Of whom a hand-in is: the list's code for the claimed one. Undefined when it does not say. */
  codeOf(graded: Graded): string | undefined;
  /** Lines that the lab gives to whoever has that seed. */
  ownLines(lab: string, seed: string): ReadonlySet<string>;
  /** Of an exam: the seed that each student's labs are drawn from. */
  seedFor?(code: string): string;
}

/** In the same order whatever that of the hand-ins. */
export function likenessesOf(input: IntegrityInput): Likeness[] {
  const owned = input.graded
    .flatMap((graded): Owned[] => {
      const code = input.codeOf(graded);
      return code === undefined ? [] : [{ code, graded }];
    })
    .toSorted((a, b) =>
      a.code === b.code ? (a.graded.submission < b.graded.submission ? -1 : 1) : a.code < b.code ? -1 : 1,
    );
  const wholes = sharedBy(
    owned,
    'misma entrega',
    ({ sha256 }) => (sha256 === '' ? [] : [sha256]),
    () => 'El fichero entregado es el mismo, byte por byte.',
  );
  const journals = sharedBy(
    owned,
    'mismo diario',
    ({ journal }) => (journal && journal.records > 0 ? [journal.id] : []),
    () => 'Las dos entregas salen de la misma carpeta de Malla: tienen el mismo diario.',
  );
  const evidence = sharedBy(
    owned,
    'misma evidencia',
    (g) => g.evidence.map((e) => e.sha256),
    (count, one, digest) => {
      const seen = one.evidence.find((e) => e.sha256 === digest);
      const where = seen ? `la primera, de ${seen.lab}, paso ${seen.step}` : '';
      return `${count === 1 ? 'Una verificación es la misma' : `${count} verificaciones son las mismas`}, con su momento y todo lo que vio${where && `: ${where}`}.`;
    },
  );
  return [...wholes, ...journals, ...evidence, ...strangeSeeds(owned, input), ...commonLines(owned, input.ownLines)];
}

/** Pairs of different students with a key in common. */
function sharedBy(
  owned: readonly Owned[],
  kind: Likeness['kind'],
  keysOf: (graded: Graded) => string[],
  say: (count: number, one: Graded, key: string) => string,
): Likeness[] {
  const holders = Map.groupBy(
    owned.flatMap((o) => [...new Set(keysOf(o.graded))].map((key) => ({ key, owned: o }))),
    ({ key }) => key,
  );
  const pairs = new Map<string, { one: Owned; other: Owned; keys: string[] }>();
  for (const [key, of] of holders) {
    const first = [...new Map(of.map(({ owned: o }) => [o.code, o])).values()];
    for (const [i, one] of first.entries())
      for (const other of first.slice(i + 1)) {
        const name = `${one.code}\n${other.code}`;
        const pair = pairs.get(name) ?? { one, other, keys: [] };
        pair.keys.push(key);
        pairs.set(name, pair);
      }
  }
  return [...pairs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { one, other, keys }]) => ({
      kind,
      students: [one.code, other.code],
      what: say(keys.length, one.graded, keys[0] ?? ''),
      sides: [],
    }));
}

/** A seed that is another student's tells whose labs were done; one that is nobody's is told by who reads hand-ins. */
function strangeSeeds(owned: readonly Owned[], { seedFor }: IntegrityInput): Likeness[] {
  if (!seedFor) return [];
  const bySeed = new Map(owned.map(({ code }) => [seedFor(code), code]));
  return owned.flatMap(({ code, graded }) => {
    const whose = bySeed.get(graded.seed ?? '');
    if (graded.seed === seedFor(code) || whose === undefined) return [];
    const what = `La entrega de ${code} está hecha con los datos que le tocaban a ${whose}.`;
    return [{ kind: 'semilla ajena' as const, students: [code, whose], what, sides: [] }];
  });
}
