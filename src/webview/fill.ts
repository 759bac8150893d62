// Texts with numbered gaps, as those of a translation are: «Midiendo {0}…».

/** A gap without a value stays as it is written. */
export function fill(text: string, values: readonly (string | number)[]): string {
  return values.length === 0
    ? text
    : text.replace(/\{(\d+)\}/g, (gap, index: string) => String(values[Number(index)] ?? gap));
}
