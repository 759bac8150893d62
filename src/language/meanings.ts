// What a field means: for the fields that students meet. The rest is told by its type.
import { commonMeanings } from './meanings/common.ts';
import { routingMeanings } from './meanings/routing.ts';
import { securityMeanings } from './meanings/security.ts';
import { trafficMeanings } from './meanings/traffic.ts';
import { type PathPart, patternOf } from './paths.ts';
import { inLanguage } from './say.ts';

/** Kind → pattern of the path from the object's root → sentence. */
const byKind: Record<string, Record<string, string>> = { ...routingMeanings, ...trafficMeanings, ...securityMeanings };

/** Undefined where there is no sentence yet. The longest end of the path that a table has counts. */
export function meaningOf(kind: string, path: readonly PathPart[]): string | undefined {
  const own = Object.hasOwn(byKind, kind) ? byKind[kind] : undefined;
  const pattern = patternOf(path);
  if (own && Object.hasOwn(own, pattern)) return said(own[pattern]);
  for (let end = pattern; end !== ''; end = end.includes('.') ? end.slice(end.indexOf('.') + 1) : '')
    if (end !== pattern && Object.hasOwn(commonMeanings, end)) return said(commonMeanings[end]);
  return Object.hasOwn(commonMeanings, pattern) ? said(commonMeanings[pattern]) : undefined;
}

const said = (text: string | undefined): string | undefined => text && inLanguage(text);
