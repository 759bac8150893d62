// Any object, field by field: what kubectl does for kinds that it has no words for.
import type { KubeObject } from '../../../mesh/objects.ts';
import { annotationLines, labelLines, Page, sortedEntries } from './page.ts';

const acronyms = new Set(['API', 'URL', 'UID', 'OSB', 'GUID']);
const shownAbove = new Set([
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
  'metadata.managedFields',
]);

export function describeGeneric(object: KubeObject): Page {
  const page = new Page();
  const { name, namespace, labels, annotations } = object.metadata;
  page.field(0, 'Name', name);
  page.field(0, 'Namespace', namespace ?? '');
  page.list(0, 'Labels', labelLines(labels));
  page.list(0, 'Annotations', annotationLines(annotations));
  page.field(0, 'API Version', object.apiVersion);
  page.field(0, 'Kind', object.kind);
  addFields(page, 0, object, '');
  return page;
}

function addFields(page: Page, level: number, fields: object, path: string): void {
  for (const [name, value] of sortedEntries(fields as Record<string, unknown>)) {
    const here = path === '' ? name : `${path}.${name}`;
    if (shownAbove.has(here)) continue;
    if (Array.isArray(value)) {
      page.line(level, `${labelFor(name)}:`);
      for (const item of value) {
        if (typeof item === 'object' && item !== null) addFields(page, level + 1, item, here);
        else page.line(level + 1, String(item));
      }
    } else if (typeof value === 'object' && value !== null) {
      page.line(level, `${labelFor(name)}:`);
      addFields(page, level + 1, value, here);
    } else page.field(level, labelFor(name), value === null ? '<nil>' : String(value));
  }
}

/** creationTimestamp → Creation Timestamp. */
function labelFor(field: string): string {
  const words = field.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d]+/g) ?? [field];
  return words
    .map((word) =>
      acronyms.has(word.toUpperCase()) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join(' ');
}
