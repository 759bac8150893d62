// What a manifest or a request may leave open: addresses of this cluster, and keys and tokens made for this run.

export interface Facts {
  /** {entry}: the entry address. {https}: host:port of the TLS port. {name}: any other. */
  [name: string]: string;
}

/** Throws on a name that nobody gave: a typing mistake in the data. */
export function fill(text: string, facts: Facts): string {
  return text.replace(/\{\{([\w.:-]+)\}\}|\{(entry|https|jwks)\}/g, (whole, doubled?: string, single?: string) => {
    const value = facts[doubled ?? single ?? ''];
    if (value === undefined) throw new Error(`nothing known about ${whole}`);
    return value;
  });
}
