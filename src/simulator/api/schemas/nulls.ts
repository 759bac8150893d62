// A null in a request is a field that is not there: the API server reads it so for all of Kubernetes' own kinds.
import { isMap } from '../patch-merge.ts';

/** In place, at every depth. Lists keep their places. */
export function dropNulls(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(item);
    return;
  }
  if (!isMap(value)) return;
  for (const key in value) {
    const child = value[key];
    if (child === null) delete value[key];
    else dropNulls(child);
  }
}
