// What the help knows: the files of the folder, and the objects of the cluster when one runs.
import type { KubeObject } from '../mesh/objects.ts';
import { fields } from '../mesh/read.ts';
import type { KindSchema } from './schema/schema.ts';
import { createSchemaBook, type SchemaBook } from './schema/schema-book.ts';
import type { Occurrence } from './symbols.ts';
import { readWrittenFile, type WrittenFile, type WrittenPart } from './written-file.ts';

export interface Place {
  file: WrittenFile;
  part: WrittenPart;
  occurrence: Occurrence;
}

export interface Workspace {
  /** Reads only the documents that changed. */
  write(uri: string, text: string): WrittenFile;
  forget(uri: string): void;
  file(uri: string): WrittenFile | undefined;
  files(): Iterable<WrittenFile>;
  /** Undefined: no cluster runs. */
  readonly cluster: readonly KubeObject[] | undefined;
  setCluster(objects: readonly KubeObject[] | undefined): void;
  readonly schemas: SchemaBook;
  /** The kinds of the cluster's CRDs; none: those that Malla brings. */
  setClusterKinds(kinds: readonly KindSchema[]): void;
  /** Everything: what the file says counts before the rest of the folder, and the folder before the cluster. */
  objectsFor(uri: string): readonly KubeObject[];
  /** What would be in force with this file applied: the cluster, and the file over it. */
  liveObjectsFor(uri: string): KubeObject[];
  /** Every place of the folder that defines or names it. */
  places(symbol: string): Place[];
  /** Files of the folder are still being read: what is missing may be in one of them. */
  reading: boolean;
  /** Grows with every change. */
  readonly version: number;
}

export function createWorkspace(base: readonly KindSchema[]): Workspace {
  const files = new Map<string, WrittenFile>();
  let cluster: readonly KubeObject[] | undefined;
  let schemas = createSchemaBook(base);
  let version = 0;
  let everything: { version: number; uri: string; objects: KubeObject[] } | undefined;
  let folder: { version: number; objects: Map<string, KubeObject> } | undefined;

  /** The first file that says an object counts: several often do, for different steps. */
  const folderObjects = (): Map<string, KubeObject> => {
    if (folder?.version === version) return folder.objects;
    const objects = new Map<string, KubeObject>();
    for (const file of files.values())
      for (const object of objectsIn(file)) if (!objects.has(keyOf(object))) objects.set(keyOf(object), object);
    folder = { version, objects };
    return objects;
  };
  const together = (...layers: Iterable<KubeObject>[]): KubeObject[] => {
    const merged = new Map<string, KubeObject>();
    for (const layer of layers) for (const object of layer) merged.set(keyOf(object), object);
    return [...merged.values()];
  };
  const own = (uri: string): KubeObject[] => {
    const file = files.get(uri);
    return file ? objectsIn(file) : [];
  };
  return {
    write(uri, text) {
      const file = readWrittenFile(uri, text, files.get(uri));
      files.set(uri, file);
      version += 1;
      return file;
    },
    forget(uri) {
      if (files.delete(uri)) version += 1;
    },
    file: (uri) => files.get(uri),
    files: () => files.values(),
    get cluster() {
      return cluster;
    },
    setCluster(objects) {
      cluster = objects;
      version += 1;
    },
    get schemas() {
      return schemas;
    },
    setClusterKinds(kinds) {
      schemas = createSchemaBook(base, kinds);
      version += 1;
    },
    objectsFor(uri) {
      if (everything?.version !== version || everything.uri !== uri)
        everything = { version, uri, objects: together(cluster ?? [], folderObjects().values(), own(uri)) };
      return everything.objects;
    },
    liveObjectsFor: (uri) => together(cluster ?? [], own(uri)),
    places: (symbol) =>
      [...files.values()].flatMap((file) =>
        file.parts.flatMap((part) =>
          part.objects.flatMap(({ occurrences }) =>
            occurrences.filter((o) => o.symbol === symbol).map((occurrence) => ({ file, part, occurrence })),
          ),
        ),
      ),
    reading: false,
    get version() {
      return version;
    },
  };
}

export function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion.split('/')[0] ?? ''}/${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function objectsIn(file: WrittenFile): KubeObject[] {
  return file.parts.flatMap((part) =>
    part.objects.flatMap(({ object }) => (object ? [object, ...podsOf(object)] : [])),
  );
}

const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** The pod that a workload would make: its labels are what subsets and selectors look at. */
function podsOf({ apiVersion, kind, metadata, spec }: KubeObject): KubeObject[] {
  if (apiVersion !== 'apps/v1' || !workloads.has(kind)) return [];
  const template = fields(fields(spec).template);
  const labels = fields(fields(template.metadata).labels);
  const { name, namespace } = metadata;
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${name} (de ${kind})`,
        ...(namespace && { namespace }),
        labels: Object.fromEntries(
          Object.entries(labels).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
        ),
      },
      spec: fields(template.spec),
    },
  ];
}
