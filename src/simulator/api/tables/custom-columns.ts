// Printer columns of a CRD: additionalPrinterColumns read by their JSON path.
import type { KubeObject } from '../../../mesh/objects.ts';
import { age, ageColumn, type Cell, type Column, nameColumn } from './column.ts';

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
  const steps = stepsOf(jsonPath);
  return {
    name,
    type,
    format: format ?? '',
    priority: priority ? 1 : 0,
    of(object, now) {
      const value = steps.reduce<unknown>(
        (v, step) => (typeof v === 'object' && v !== null ? (v as Record<string, unknown>)[step] : undefined),
        object,
      );
      if (type === 'date') return typeof value === 'string' ? age(value, now) : '';
      return cell(value);
    },
  };
}

/** `.spec.hosts`, `.spec['a.b']`, `.items[0]`: the part of JSONPath that CRDs use for columns. */
function stepsOf(path: string): string[] {
  return [...path.matchAll(/\.?([^.[\]']+)|\[\s*'([^']+)'\s*\]/g)].map((m) => m[2] ?? m[1] ?? '');
}

function cell(value: unknown): Cell {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}
