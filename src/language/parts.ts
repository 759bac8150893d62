// A file cut into its YAML documents, so that a change costs what one document costs.

export interface Part {
  /** Of its first character in the file. */
  offset: number;
  text: string;
}

/** `---` and `...` at the start of a line end a document wherever they stand, even in a block of text. */
const MARKER = /^(?:---(?=\s|$)|\.\.\.(?=\s|$))/gm;

/** A line that is neither blank, a comment nor a directive. */
const HAS_CONTENT = /^[^\S\n]*[^\s#%]/m;

/** Parts without content are left out. Each begins after its marker, so that parsing one never sees another. */
export function splitParts(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const { index } of text.matchAll(MARKER)) {
    addPart(parts, text, from, index);
    from = index + 3;
  }
  addPart(parts, text, from, text.length);
  return parts;
}

/** The part that holds the offset; undefined between parts. */
export function partAt<P extends Part>(parts: readonly P[], offset: number): P | undefined {
  return parts.findLast((part) => part.offset <= offset && offset <= part.offset + part.text.length);
}

function addPart(parts: Part[], text: string, from: number, to: number): void {
  const own = text.slice(from, to);
  if (HAS_CONTENT.test(own)) parts.push({ offset: from, text: own });
}
