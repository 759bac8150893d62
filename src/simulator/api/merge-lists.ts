// The order of a list that several own: the live one, where the applied one does not ask for another.

/** Each item once. `merge` gets what was live, undefined for what is new; it is not asked about what nobody applied. */
export function mergeLists<T>(
  live: readonly T[],
  wanted: readonly T[],
  idOf: (item: T) => string,
  merge: (was: T | undefined, item: T) => T,
): T[] {
  const byId = new Map(live.map((item) => [idOf(item), item]));
  const asked = new Set(wanted.map(idOf));
  // What both have comes in the order that is applied.
  const shared = wanted.map(idOf).filter((id) => byId.has(id));
  const merged: T[] = [];
  let [l, w] = [0, 0];
  while (l < live.length || w < wanted.length) {
    const [left, right] = [live[l], wanted[w]];
    const leftId = left === undefined ? undefined : idOf(left);
    const rightId = right === undefined ? undefined : idOf(right);
    if (left !== undefined && leftId !== undefined && !asked.has(leftId)) {
      merged.push(left);
      l += 1;
    } else if (leftId !== undefined && leftId !== rightId && (w >= wanted.length || shared[0] !== leftId)) {
      // It was put, or will be, where the applied list has it.
      l += 1;
    } else if (right !== undefined && rightId !== undefined) {
      merged.push(merge(byId.get(rightId), right));
      if (shared[0] === rightId) shared.shift();
      if (leftId === rightId) l += 1;
      w += 1;
    } else l += 1;
  }
  return merged;
}
