// The course in the order in which it can be taken.
import type { Lab } from './lab.ts';

/** Each lab after those it requires; else by the order given. A circle is cut where it closes. */
export function orderLabs(labs: readonly Lab[]): Lab[] {
  const ordered: Lab[] = [];
  const visited = new Set<string>();
  const visit = (lab: Lab): void => {
    if (visited.has(lab.id)) return;
    visited.add(lab.id);
    for (const id of lab.requires) {
      const required = labs.find((l) => l.id === id);
      if (required) visit(required);
    }
    ordered.push(lab);
  };
  for (const lab of labs) visit(lab);
  return ordered;
}
