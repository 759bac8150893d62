// A CSV as spreadsheets write it → its rows: UTF-8 (with its mark or without), UTF-16 or Windows-1252; `;`, tabs or `,`.

/** Why a file is no table. */
export class TableFault extends Error {
  readonly kind: 'binario' | 'comillas';

  constructor(kind: 'binario' | 'comillas') {
    super(`Not a table: ${kind}`);
    this.kind = kind;
  }
}

/** Rows without anything in them are left out. Throws TableFault. Whoever calls bounds the size. */
export function readTable(bytes: Uint8Array): string[][] {
  return readRows(decode(bytes));
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.includes(0)) throw new TableFault('binario');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // What Excel writes in Spain, when nobody tells it otherwise.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Fields may be in quotes, with quotes doubled inside. Empty rows are left out. */
function readRows(content: string): string[][] {
  const separator = separatorOf(content.slice(0, content.search(/[\r\n]|$/)));
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = (): void => {
    row.push(field);
    if (row.some((f) => f.trim() !== '')) rows.push(row);
    row = [];
    field = '';
  };
  for (let i = 0; i < content.length; i++) {
    const c = content.charAt(i);
    if (quoted) {
      if (c !== '"') field += c;
      else if (content[i + 1] === '"') field += content.charAt(++i);
      else quoted = false;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === separator) {
      row.push(field);
      field = '';
    } else if (c === '\n') endRow();
    else if (c !== '\r') field += c;
  }
  endRow();
  if (quoted) throw new TableFault('comillas');
  return rows;
}

function separatorOf(line: string): string {
  const count = (c: string): number => line.split(c).length;
  return [';', '\t', ','].reduce((best, c) => (count(c) > count(best) ? c : best));
}
