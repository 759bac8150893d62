// Whether each answer was true at some moment between its call and itself, and whether what was acknowledged stayed.
import type { History, Operation } from './recorded.ts';
import type { Truth } from './truth.ts';

/** What is broken, in words. */
export function notLinearizable({ operations, final }: History, truth: Truth): string[] {
  const last = truth.writes.at(-1)?.revision ?? 0;
  const expected = truth.all('', last).map((o) => `${o.key}=${o.value}`);
  const there = final.map((o) => `${o.key}=${o.value}`).sort();
  const faults = operations.flatMap((operation) => wrong(operation, truth) ?? []);
  if (expected.join() !== there.join()) faults.push('at the end there is not what was written');
  return faults;
}

function wrong(operation: Operation, truth: Truth): string | undefined {
  const { kind, key, called, answered, status = 0, objects = [], value } = operation;
  if (answered === undefined) return undefined;
  const say = `${kind} ${key} between ${called} and ${answered}`;
  if (status < 300 && (kind === 'create' || kind === 'update')) {
    const own = objects[0]?.revision ?? 0;
    if (truth.at(key, own)?.value !== value || truth.at(key, own)?.revision !== own)
      return `lost: ${say} was acknowledged as ${own} and is not there`;
    if (own <= called || own > answered) return `${say} got revision ${own}`;
    return fits(operation, own - 1, truth) ? undefined : `${say}: ${own} went over another write`;
  }
  if (status < 300 && kind === 'delete') {
    const done = truth.writes.some(
      (w) => w.key === key && w.after === undefined && w.revision > called && w.revision <= answered,
    );
    return done ? undefined : `lost: ${say} was acknowledged and did not happen`;
  }
  const moments = truth.writes.filter((w) => w.revision > called && w.revision <= answered).map((w) => w.revision);
  const explained = [called, ...moments].some((revision) => fits(operation, revision, truth));
  return explained ? undefined : `${say}: nothing there was explains ${status}`;
}

/** Whether the answer is right for a call that finds what there was at the revision. */
function fits(
  { kind, key, status = 0, base, objects = [], revision: told }: Operation,
  revision: number,
  truth: Truth,
) {
  const before = truth.at(key, revision);
  switch (kind) {
    case 'create':
      return status === 201 ? before === undefined : status === 409 && before !== undefined;
    case 'update':
      if (status === 200) return before !== undefined && before.revision === base;
      return status === 409 ? before !== undefined && before.revision !== base : before === undefined;
    case 'delete':
      return status === 404 && before === undefined;
    case 'get':
      return status === 200 ? before?.value === objects[0]?.value : status === 404 && before === undefined;
    case 'list': {
      const values = truth.all(`${key}/`, revision).map((o) => o.value);
      return told !== undefined && told >= revision && values.join() === objects.map((o) => o.value).join();
    }
  }
}
