// Hand-ins that somebody made in bad faith, each with what must be told of it.
import { symlink, writeFile } from 'node:fs/promises';
import { deflateRawSync } from 'node:zlib';
import { sha256 } from '../handin/canonical-json.ts';
import type { UnchainedRecord } from '../handin/chain.ts';
import { limits } from '../handin/limits.ts';
import { readZip } from '../handin/zip-reader.ts';
import { writeZip, type ZipEntry } from '../handin/zip-writer.ts';
import type { WorkedOut } from './work-out.ts';

export interface HostileContext {
  /** The work of somebody who did all well, and an honest hand-in made of it. */
  right: WorkedOut;
  seal(work: WorkedOut, student: string): Promise<Buffer>;
}

export interface Hostile {
  name: string;
  /** Code that must be among those told. */
  code: string;
  /** What is graded of it all the same: what the right work is worth, or nothing. */
  graded: 'entera' | 'rechazada';
  /** What of it comes out right is not the whole of the right work. */
  less?: true;
  /** Writes its file. */
  write(path: string, context: HostileContext): Promise<void>;
}

export const hostiles: readonly Hostile[] = [
  refused('vacia', 'MALLA-ENT-03', async () => Buffer.alloc(0)),
  refused('no-es-zip', 'MALLA-ENT-04', async () => Buffer.from('%PDF-1.7')),
  refused('cortada', 'MALLA-ENT-04', async (c) => (await honest(c)).subarray(0, -100)),
  refused('sube', 'MALLA-ENT-05', async () => writeZip([{ name: '../../../tmp/x', content: Buffer.from('x') }])),
  refused('absoluta', 'MALLA-ENT-05', async () => writeZip([{ name: '/etc/cron.d/x', content: Buffer.from('x') }])),
  refused('bomba', 'MALLA-ENT-08', async () => deflated(deflateRawSync(Buffer.alloc(limits.entry + 1)))),
  refused('cien-mil', 'MALLA-ENT-07', async () =>
    writeZip(Array.from({ length: 65_000 }, (_, i) => ({ name: `f${i}`, content: Buffer.alloc(0) }))),
  ),
  refused('prototipo', 'MALLA-ENT-14', async (c) =>
    edited(await honest(c), 'entrega.json', (t) => t.replace('"malla"', '"__proto__": {"a": 1}, "malla"')),
  ),
  refused('latin1', 'MALLA-ENT-11', async () =>
    writeZip([{ name: 'entrega.json', content: Buffer.from('{"a":"ñ"}', 'latin1') }]),
  ),
  {
    name: 'enlace',
    code: 'MALLA-ENT-01',
    graded: 'rechazada',
    write: (path) => symlink('/etc/passwd', path),
  },
  {
    name: 'grande',
    code: 'MALLA-ENT-02',
    graded: 'rechazada',
    write: (path) => writeFile(path, Buffer.alloc(limits.file + 1)),
  },
  whole('registro-editado', 'MALLA-ENT-17', async (c) =>
    edited(await honest(c), 'registro.jsonl', (t) => t.replace('"simulated":true', '"simulated":false')),
  ),
  whole('de-otro', 'MALLA-ENT-18', async (c) =>
    edited(await honest(c), 'entrega.json', (t) => t.replace(/"student": "[^"]*"/, '"student": "ladron"')),
  ),
  whole('reloj', 'MALLA-ENT-22', (c) =>
    c.seal(
      changed(c.right, (r, i) => ({ ...r, at: new Date(Date.parse(r.at) - i * 86_400_000).toISOString() })),
      'reloj',
    ),
  ),
  whole('escapes', 'MALLA-ENT-38', (c) =>
    c.seal(
      changed(c.right, (r) => ({ ...r, answers: { ...r.answers, otra: '\u001b[2J\u202Egpj' } })),
      'escapes',
    ),
  ),
  whole('html-y-formula', 'MALLA-ENT-39', (c) =>
    c.seal(
      changed(c.right, (r) => ({ ...r, answers: { ...r.answers, otra: '=cmd|"<script>alert(1)</script>"' } })),
      'formula',
    ),
  ),
  whole('todo-el-cluster', 'MALLA-ENT-29', (c) => c.seal(withObject(c.right, clusterRole), 'todo')),
  whole('otro-espacio', 'MALLA-ENT-29', (c) => c.seal(withObject(c.right, elsewhere), 'otro')),
  whole('yaml-que-se-multiplica', 'MALLA-ENT-27', (c) => c.seal(withObject(c.right, billion), 'bomba-yaml')),
  whole('expresion-imposible', 'MALLA-ENT-35', (c) => c.seal(withObject(c.right, invalid), 'regex')),
  {
    name: 'un-millon',
    code: 'MALLA-ENT-12',
    graded: 'entera',
    less: true,
    write: async (path, c) => {
      const [object] = c.right.records[0]?.objects ?? [];
      const objects = Array.from({ length: 20_000 }, (_, i) => ({
        ...(object as NonNullable<typeof object>),
        name: `o${i}`,
      }));
      await writeFile(
        path,
        await c.seal(
          changed(c.right, (r, i) => (i === 0 ? { ...r, objects } : r)),
          'millon',
        ),
      );
    },
  },
];

function refused(name: string, code: string, make: (context: HostileContext) => Promise<Buffer>): Hostile {
  return { name, code, graded: 'rechazada', write: async (path, context) => writeFile(path, await make(context)) };
}

/** The rest of it is right, and is graded as what it is. */
function whole(name: string, code: string, make: (context: HostileContext) => Promise<Buffer>): Hostile {
  return { name, code, graded: 'entera', write: async (path, context) => writeFile(path, await make(context)) };
}

function honest({ right, seal }: HostileContext): Promise<Buffer> {
  return seal(right, 'honrado');
}

function edited(bytes: Buffer, name: string, change: (text: string) => string): Buffer {
  const of = (entry: ZipEntry): ZipEntry =>
    entry.name === name ? { name, content: Buffer.from(change(Buffer.from(entry.content).toString())) } : entry;
  return writeZip(readZip(bytes).entries.map(of));
}

function changed(work: WorkedOut, change: (record: UnchainedRecord, i: number) => UnchainedRecord): WorkedOut {
  return { ...work, records: work.records.map(change) };
}

interface Planted {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  text: string;
}

function withObject(work: WorkedOut, { text, ...named }: Planted): WorkedOut {
  const claim = { ...named, sha256: sha256(text) };
  const records = work.records.map((r) => ({ ...r, objects: [...(r.objects ?? []), claim] }));
  return { records, texts: [...work.texts, text] };
}

const clusterRole: Planted = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  name: 'yo-mando',
  text: 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: yo-mando\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: cluster-admin\n',
};
const elsewhere: Planted = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'kube-system',
  name: 'coredns',
  text: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: coredns\n  namespace: kube-system\n',
};
const billion: Planted = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'default',
  name: 'risas',
  text: `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join()}]`).join('\n')}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: risas, namespace: default}\n`,
};
const invalid: Planted = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'default',
  name: 'regex',
  text: "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: regex, namespace: default}\nspec:\n  hosts: [ratings]\n  http:\n    - match: [{uri: {regex: '(a+)+$(?=x)'}}]\n      route: [{destination: {host: ratings}}]\n",
};

/** One entry that says of itself that it is small. */
function deflated(packed: Buffer): Buffer {
  const bytes = writeZip([{ name: 'entrega.json', content: packed }]);
  const at = bytes.readUInt32LE(bytes.length - 6);
  bytes.writeUInt16LE(8, at + 10);
  bytes.writeUInt32LE(10, at + 24);
  return bytes;
}
