// A series' labels. Names come from programs and clients, so they are never keys of a plain object.

export type LabelPair = readonly [name: string, value: string];

export const METRIC_NAME = '__name__';

/** Immutable; sorted by name; an empty value is the same as no label. */
export class Labels {
  static readonly none = new Labels([]);

  readonly pairs: readonly LabelPair[];
  #key: string | undefined;

  private constructor(sorted: readonly LabelPair[]) {
    this.pairs = sorted;
  }

  /** The last of several pairs with one name wins. */
  static of(pairs: Iterable<LabelPair>): Labels {
    const map = new Map(pairs);
    const sorted = [...map].filter(([, value]) => value !== '').sort(byName);
    return new Labels(sorted);
  }

  /** The same for equal labels and for no others. */
  get key(): string {
    this.#key ??= joined(this.pairs);
    return this.#key;
  }

  get(name: string): string {
    for (const [own, value] of this.pairs) if (own === name) return value;
    return '';
  }

  get metricName(): string {
    return this.get(METRIC_NAME);
  }

  with(name: string, value: string): Labels {
    return Labels.of([...this.pairs, [name, value]]);
  }

  only(names: ReadonlySet<string>): Labels {
    return new Labels(this.pairs.filter(([name]) => names.has(name)));
  }

  without(names: ReadonlySet<string>): Labels {
    const kept = this.pairs.filter(([name]) => !names.has(name));
    return kept.length === this.pairs.length ? this : new Labels(kept);
  }

  withoutName(): Labels {
    return this.without(ONLY_NAME);
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this.pairs);
  }

  /** As Prometheus prints them in errors: `{instance="a", job="b"}`, the name before the brace. */
  toString(): string {
    const others = this.withoutName().pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const name = this.metricName;
    return name && others.length === 0 ? name : `${name}{${others.join(', ')}}`;
  }
}

const ONLY_NAME: ReadonlySet<string> = new Set([METRIC_NAME]);

export function byLabels(a: Labels, b: Labels): number {
  for (let i = 0; i < a.pairs.length && i < b.pairs.length; i++) {
    const [nameA, valueA] = a.pairs[i] ?? ['', ''];
    const [nameB, valueB] = b.pairs[i] ?? ['', ''];
    if (nameA !== nameB) return nameA < nameB ? -1 : 1;
    if (valueA !== valueB) return valueA < valueB ? -1 : 1;
  }
  return a.pairs.length - b.pairs.length;
}

function byName([a]: LabelPair, [b]: LabelPair): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Neither mark can stand in UTF-8 text that Prometheus accepts as a name. */
function joined(pairs: readonly LabelPair[]): string {
  let text = '';
  for (const [name, value] of pairs) text += `${name}\u0001${value}\u0002`;
  return text;
}
