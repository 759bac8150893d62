// The errors and warnings of one validation, and safe access to fields of any shape.

export type Fields = Record<string, unknown>;

export class Findings {
  readonly warnings: string[] = [];
  readonly #errors: { text: string; listed: boolean }[] = [];

  /** `listed`: Istio prints this one as a list even when it is alone. */
  error(text: string | undefined, listed = false): void {
    if (text !== undefined) this.#errors.push({ text, listed });
  }

  warn(text: string): void {
    this.warnings.push(text);
  }

  /** Each on its own. */
  get errors(): string[] {
    return this.#errors.map((e) => e.text);
  }

  text(): string | undefined {
    const [first, ...rest] = this.#errors;
    if (!first) return undefined;
    if (rest.length === 0 && !first.listed) return first.text;
    const count = this.#errors.length;
    const bullets = this.#errors.map((e) => `* ${e.text}`).join('\n\t');
    return `${count} ${count === 1 ? 'error' : 'errors'} occurred:\n\t${bullets}\n\n`;
  }
}

export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
export const optionalFields = (value: unknown): Fields | undefined => (value === undefined ? undefined : fields(value));
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
export const texts = (value: unknown): string[] => list(value).map(text);

/** As Go's %q writes the texts that occur here. */
export const quoted = (value: string): string => JSON.stringify(value);
