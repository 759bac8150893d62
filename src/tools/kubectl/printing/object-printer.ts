// Objects in the formats of -o that are not tables.
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { type Resource, typeName } from '../discovery.ts';
import { queryJsonPath, renderJsonPath } from './jsonpath.ts';
import { presentable, toJson, toYaml } from './serialise.ts';
import { columns } from './tabs.ts';

export interface Printable {
  resource: Resource;
  object: KubeObject;
}

export interface ObjectFormat {
  /** As after -o. */
  format: string;
  showManagedFields?: boolean;
  headers?: boolean;
}

const known =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml';

/** One object stands alone; a list, or several, become a List. */
export function printObjects(
  items: Printable[],
  asList: boolean,
  { format, showManagedFields, headers = true }: ObjectFormat,
): string {
  const objects = items.map(({ object }) => presentable(object, showManagedFields));
  const [only] = objects;
  const whole: unknown =
    asList || objects.length !== 1
      ? { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } }
      : only;
  if (format === 'json') return toJson(whole);
  if (format === 'yaml') return toYaml(whole);
  if (format === 'name')
    return items.map(({ resource, object }) => `${typeName(resource)}/${object.metadata.name}\n`).join('');
  const [kind, argument] = format.split(/=(.*)/s);
  if (kind === 'jsonpath') {
    if (!argument) throw new ToolError('error: template format specified but no template given');
    return renderJsonPath(argument, whole);
  }
  if (kind === 'custom-columns') {
    if (!argument) throw new ToolError('error: custom-columns format specified but no custom columns given');
    return customColumns(argument, objects, headers);
  }
  throw new ToolError(
    `error: unable to match a printer suitable for the output format "${format}", allowed formats are: ${known}`,
  );
}

function customColumns(spec: string, objects: unknown[], headers: boolean): string {
  const wished = spec.split(',').map((part) => {
    const [name = '', path] = part.split(/:(.*)/s);
    if (!path)
      throw new ToolError(`error: unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { name, path };
  });
  const rows = objects.map((object) =>
    wished.map(({ path }) => {
      const values = queryJsonPath(path, object).filter((v) => v !== undefined && v !== null);
      return values.length === 0
        ? '<none>'
        : values.map((v) => (typeof v === 'object' ? goText(v) : String(v))).join(',');
    }),
  );
  return columns([...(headers ? [wished.map((w) => w.name)] : []), ...rows]);
}

/** As Go's %v prints maps and slices. */
function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([k, v]) => `${k}:${goText(v)}`).join(' ')}]`;
}
