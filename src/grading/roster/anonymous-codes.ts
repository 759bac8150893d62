// Codes under which students hand in without their name. Who is behind each is only in the teacher's list.

/** Neither vowels nor letters that are taken for figures: no code is a word, and each can be read aloud. */
const letters = '23456789bcdfghjkmnpqrstvwxyz';
/** Coprime with the number of letters: one wrong letter always changes the last one. */
const weights = [1, 3, 5, 9, 11, 13, 15];

/**
 * The same people, with a code for everyone who has none. `random` gives an integer from 0 to `below` - 1. The last letter
 * depends on the others: who mistypes one letter does not hand in as somebody else.
 */
export function giveCodes<T extends { code: string }>(people: readonly T[], random: (below: number) => number): T[] {
  const taken = new Set(people.map((p) => p.code));
  return people.map((person) => {
    if (person.code !== '') return person;
    let code = drawCode(random);
    while (taken.has(code)) code = drawCode(random);
    taken.add(code);
    return { ...person, code };
  });
}

/** False for a code that was mistyped, and for what is no code of these. */
export function isSoundCode(code: string): boolean {
  const body = code.slice(0, weights.length);
  return (
    code.length === weights.length + 1 && [...code].every((l) => letters.includes(l)) && lastOf(body) === code.at(-1)
  );
}

function drawCode(random: (below: number) => number): string {
  const body = weights.map(() => letters[random(letters.length)] ?? '').join('');
  return body + lastOf(body);
}

function lastOf(body: string): string {
  const sum = [...body].reduce((total, letter, i) => total + letters.indexOf(letter) * (weights[i] ?? 0), 0);
  return letters[sum % letters.length] ?? '';
}
