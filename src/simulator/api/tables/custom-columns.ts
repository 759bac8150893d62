// Printer columns of a CRD: additionalPrinterColumns read by their JSON path.
import type { KubeObject } from '../../../mesh/objects.ts';
import { age, ageColumn, type Cell, type Column, nameColumn } from './column.ts';
import { compilePath } from './json-path.ts';

interface Declared {
  name: string;
  type: Column['type'];
  format?: string;
  jsonPath: string;
  priority?: number;
}

export function customColumns(crd: KubeObject, version: string): Column[] {
  const spec = crd.spec as { versions?: { name: string; additionalPrinterColumns?: Declared[] }[] };
  const declared = spec.versions?.find((v) => v.name === version)?.additionalPrinterColumns;
  if (!declared || declared.length === 0) return [nameColumn, ageColumn];
  return [nameColumn, ...declared.map(custom)];
}

function custom({ name, type, format, jsonPath, priority }: Declared): Column {
  const read = compilePath(jsonPath);
  return {
    name,
    type,
    format: format ?? '',
    priority: priority ? 1 : 0,
    of(object, now) {
      // Of several only the first is shown.
      const [value] = read(object);
      if (type === 'date') return typeof value === 'string' ? age(value, now) : '';
      return cell(value);
    },
  };
}

function cell(value: unknown): Cell {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}
