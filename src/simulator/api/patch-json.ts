// JSON patch (RFC 6902).

import { equal } from '../controllers/equal.ts';
import { copyOf } from '../copy.ts';
import { ApiError, badRequest } from './errors.ts';
import { isMap } from './patch-merge.ts';

const mostOperations = 10_000;
/** What all copies of one patch may add, in bytes of JSON: a document copied into itself doubles each time. */
const mostCopied = 3 * 1024 * 1024;
/** As in a body: each operation can nest what the ones before made. */
const deepest = 500;

interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

/** A new value. Throws ApiError 400 or 422-like texts as the API server when an operation cannot be done. */
export function jsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  if (operations.length > mostOperations) {
    const message = `Request entity too large: The allowed maximum operations in a JSON patch is ${mostOperations}, got ${operations.length}`;
    throw new ApiError(413, 'RequestEntityTooLarge', message);
  }
  let document = copyOf(target);
  let copied = 0;
  for (const operation of operations as Operation[]) {
    if (operation.op === 'copy') copied += sizeOf(valueAt(document, operation.from ?? ''));
    if (copied > mostCopied) throw doesNotApply();
    document = apply(document, operation);
  }
  if (depthOf(document) > deepest) throw doesNotApply();
  return document;
}

/** In bytes of JSON. Throws for what is nested too deep to be worked with. */
function sizeOf(value: unknown): number {
  if (depthOf(value) > deepest) throw doesNotApply();
  return JSON.stringify(value ?? null).length;
}

function depthOf(value: unknown, above = 0): number {
  if (typeof value !== 'object' || value === null || above > deepest) return above;
  return Object.values(value).reduce<number>((most, inner) => Math.max(most, depthOf(inner, above + 1)), above);
}

function apply(document: unknown, { op, path, from, value }: Operation): unknown {
  switch (op) {
    case 'add':
      return edit(document, path, (parent, key) => insert(parent, key, copyOf(value)));
    case 'replace':
      return edit(document, path, (parent, key) => {
        // The library of the API server takes a member that is not there, but no item.
        if (Array.isArray(parent) && read(parent, key) === undefined) throw doesNotApply();
        write(parent, key, copyOf(value));
      });
    case 'remove':
      return edit(document, path, (parent, key) => remove(parent, key));
    case 'test': {
      if (!equal(valueAt(document, path) ?? null, value ?? null)) throw doesNotApply();
      return document;
    }
    case 'move': {
      const moved = valueAt(document, from ?? '');
      return apply(apply(document, { op: 'remove', path: from ?? '' }), { op: 'add', path, value: moved });
    }
    case 'copy':
      return apply(document, { op: 'add', path, value: valueAt(document, from ?? '') });
    default:
      throw doesNotApply();
  }
}

function edit(document: unknown, path: string, change: (parent: unknown, key: string) => void): unknown {
  if (!path.startsWith('/')) throw doesNotApply();
  const steps = stepsOf(path);
  const key = steps.pop();
  if (key === undefined || key === '__proto__') throw doesNotApply();
  let parent = document;
  for (const step of steps) {
    parent = read(parent, step);
    if (parent === undefined) throw doesNotApply();
  }
  change(parent, key);
  return document;
}

function valueAt(document: unknown, path: string): unknown {
  return stepsOf(path).reduce((value, step) => read(value, step), document);
}

function read(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) return parent[Number(key)];
  return isMap(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
}

function write(parent: unknown, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else if (isMap(parent)) parent[key] = value;
}

function insert(parent: unknown, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent.splice(key === '-' ? parent.length : Number(key), 0, value);
  else write(parent, key, value);
}

function remove(parent: unknown, key: string): void {
  if (read(parent, key) === undefined) throw doesNotApply();
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (isMap(parent)) delete parent[key];
}

function stepsOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Why, the API server does not tell. */
function doesNotApply(): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}
