// What each student's exam is drawn from: the exam's own seed and the student's code, so that nobody has another's figures.

export function seedFor(exam: string, code: string): string {
  return `${exam}:${code.normalize('NFC').toLowerCase()}`;
}
