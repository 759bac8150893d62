// What Go's encoding/json says of text that is not JSON; clients print it as it comes.

/** The complaint about `text`, which JSON.parse did not take. */
export function goJsonError(text: string): string {
  const scanner = new Scanner(text);
  try {
    scanner.document();
  } catch (error) {
    if (error instanceof Complaint) return error.message;
    throw error;
  }
  // Go takes what V8 did not: a surrogate alone, for instance.
  return 'unexpected end of JSON input';
}

class Complaint extends Error {}

/** Walks the text as Go does, without keeping values. Nesting is counted, not recursed into. */
class Scanner {
  #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    // What closes each open list and object.
    const open: ('}' | ']')[] = [];
    for (;;) {
      if (this.#value(open)) continue;
      // What is closed is a value too, so what follows one is looked at again.
      let more = this.#after(open);
      while (!more && open.length > 0) more = this.#after(open);
      if (!more) {
        this.#end();
        return;
      }
    }
  }

  /** One value, or the beginning of one: true when the next thing is again a value. */
  #value(open: ('}' | ']')[]): boolean {
    const first = this.#next();
    if (first === '{') {
      open.push('}');
      if (this.#peek() === '}') return false;
      this.#key();
      return true;
    }
    if (first === '[') {
      open.push(']');
      return this.#peek() !== ']';
    }
    if (first === '"') this.#string();
    else if (first === '-' || /\d/.test(first)) this.#number(first);
    else if (first === 't') this.#literal('true');
    else if (first === 'f') this.#literal('false');
    else if (first === 'n') this.#literal('null');
    else this.#complain('looking for beginning of value');
    return false;
  }

  /** What follows a value: true when another value is to come, false when something was closed. */
  #after(open: ('}' | ']')[]): boolean {
    const closing = open.at(-1);
    if (closing === undefined) return false;
    const character = this.#next();
    if (character === closing) {
      open.pop();
      return false;
    }
    if (character !== ',') this.#complain(closing === '}' ? 'after object key:value pair' : 'after array element');
    if (closing === '}') this.#key();
    return true;
  }

  #end(): void {
    if (this.#peek() === undefined) return;
    this.#at++;
    this.#complain('after top-level value');
  }

  #key(): void {
    if (this.#next() !== '"') this.#complain('looking for beginning of object key string');
    this.#string();
    if (this.#next() !== ':') this.#complain('after object key');
  }

  #string(): void {
    for (;;) {
      const character = this.#take();
      if (character === '"') return;
      if (character < ' ') this.#complain('in string literal');
      if (character !== '\\') continue;
      const escaped = this.#take();
      if (escaped === 'u') {
        for (let i = 0; i < 4; i++)
          if (!/[0-9a-fA-F]/.test(this.#take())) this.#complain('in \\u hexadecimal character escape');
      } else if (!'bfnrt\\/"'.includes(escaped)) this.#complain('in string escape code');
    }
  }

  #number(first: string): void {
    let digit = first;
    if (first === '-') {
      digit = this.#take();
      if (!/\d/.test(digit)) this.#complain('in numeric literal');
    }
    if (digit !== '0') this.#digits();
    if (this.#text[this.#at] === '.') {
      this.#at++;
      if (!/\d/.test(this.#take())) this.#complain('after decimal point in numeric literal');
      this.#digits();
    }
    if (!/[eE]/.test(this.#text[this.#at] ?? '')) return;
    this.#at++;
    if (/[+-]/.test(this.#text[this.#at] ?? '')) this.#at++;
    if (!/\d/.test(this.#take())) this.#complain('in exponent of numeric literal');
    this.#digits();
  }

  #digits(): void {
    while (/\d/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #literal(word: string): void {
    for (const wanted of word.slice(1))
      if (this.#take() !== wanted) this.#complain(`in literal ${word} (expecting ${quoted(wanted)})`);
  }

  #skip(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #peek(): string | undefined {
    this.#skip();
    return this.#text[this.#at];
  }

  #next(): string {
    this.#skip();
    return this.#take();
  }

  #take(): string {
    const character = this.#text[this.#at++];
    if (character === undefined) throw new Complaint('unexpected end of JSON input');
    return character;
  }

  /** About the character that was taken last. */
  #complain(context: string): never {
    throw new Complaint(`invalid character ${quoted(this.#text[this.#at - 1] ?? '')} ${context}`);
  }
}

function quoted(character: string): string {
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  const code = character.charCodeAt(0);
  if (code >= 0x7f && code < 0xa1) return `'\\u${code.toString(16).padStart(4, '0')}'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}
