// Lines of a description, indented by level; `elasticTabs` aligns what tabs separate.

export class Page {
  #lines: string[] = [];

  line(level: number, text: string): void {
    this.#lines.push(`${'  '.repeat(level)}${text}`);
  }

  field(level: number, name: string, value: string | number | boolean): void {
    this.line(level, `${name}:\t${value}`);
  }

  /** `name:` with one item per line, or `<none>`. */
  list(level: number, name: string, items: readonly string[]): void {
    const [first = '<none>', ...rest] = items;
    this.line(level, `${name}:\t${first}`);
    for (const item of rest) this.line(level, `\t${item}`);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

export const labelLines = (labels: Record<string, string> = {}): string[] =>
  sortedEntries(labels).map(([name, value]) => `${name}=${value}`);

export const pairText = (labels: Record<string, string> = {}): string => labelLines(labels).join(',') || '<none>';

const LONGEST = 140;

export function annotationLines(annotations: Record<string, string> = {}): string[] {
  return sortedEntries(annotations)
    .filter(([name]) => name !== 'kubectl.kubernetes.io/last-applied-configuration')
    .flatMap(([name, raw]) => {
      const value = raw.replace(/\n$/, '');
      if (value.length + name.length + 2 <= LONGEST && !value.includes('\n')) return [`${name}: ${value}`];
      return [`${name}:`, ...value.split('\n').map((line) => `  ${shorten(line, LONGEST - 2)}`)];
    });
}

const shorten = (text: string, limit: number) => (text.length > limit ? `${text.slice(0, limit)}...` : text);

export const sortedEntries = <T>(record: Record<string, T>): [string, T][] =>
  Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));

/** `Sat, 21 Nov 2026 07:17:23 +0000`. */
export function longTime(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '<unknown>';
  return `${date.toUTCString().replace('GMT', '+0000')}`;
}
