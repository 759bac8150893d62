// A field of a CSV that a spreadsheet opens: quoted where it must be, and never taken for a formula. Names and answers come
// from students.

export type Separator = ',' | ';';

/** A line that ends in CRLF, as RFC 4180 has it. */
export function csvRow(fields: readonly string[], separator: Separator): string {
  return `${fields.map((field) => csvCell(field, separator)).join(separator)}\r\n`;
}

export function csvCell(text: string, separator: Separator): string {
  // Some programs skip spaces before they look for a formula.
  const plain = /^[\s\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r]/u.test(text) ? `'${text}` : text;
  return plain.includes(separator) || /["\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
