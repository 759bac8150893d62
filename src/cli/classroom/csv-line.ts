/** A line that spreadsheets read, and that none takes for a formula. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(cell).join(';')}\r\n`;
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
