// Writes src/simulator/api/generated/protobuf.json: the field numbers with which clients encode Kubernetes objects, read from
// the struct tags of the Go modules of Kubernetes. Only what the kinds below reach is kept.
//
//   node scripts/generate-kubernetes-protobuf.ts [VERSION]     (v0.34.4; the modules must be in Go's module cache)
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const version = process.argv[2] ?? 'v0.34.4';
const modules = process.env.GOMODCACHE ?? join(process.env.GOPATH ?? join(homedir(), 'go'), 'pkg/mod');
/** Packages that are not folders of k8s.io/api. */
const elsewhere: Record<string, string> = {
  'meta/v1': `apimachinery@${version}/pkg/apis/meta/v1`,
  'apiextensions/v1': `apiextensions-apiserver@${version}/pkg/apis/apiextensions/v1`,
  'apiregistration/v1': `kube-aggregator@${version}/pkg/apis/apiregistration/v1`,
};

/** Kinds that clients create through Go types: others travel as JSON. */
const kinds: Record<string, string> = {
  'core/v1':
    'Namespace Node Pod Service Endpoints ServiceAccount ConfigMap Secret Event PersistentVolumeClaim PersistentVolume ResourceQuota LimitRange PodTemplate ReplicationController Binding',
  'apps/v1': 'Deployment ReplicaSet StatefulSet DaemonSet ControllerRevision',
  'batch/v1': 'Job CronJob',
  'autoscaling/v1': 'HorizontalPodAutoscaler Scale',
  'autoscaling/v2': 'HorizontalPodAutoscaler',
  'policy/v1': 'PodDisruptionBudget Eviction',
  'networking/v1': 'NetworkPolicy Ingress IngressClass IPAddress ServiceCIDR',
  'discovery/v1': 'EndpointSlice',
  'coordination/v1': 'Lease',
  'events/v1': 'Event',
  'rbac/v1': 'Role RoleBinding ClusterRole ClusterRoleBinding',
  'storage/v1': 'StorageClass CSIDriver CSINode CSIStorageCapacity VolumeAttachment VolumeAttributesClass',
  'node/v1': 'RuntimeClass',
  'certificates/v1': 'CertificateSigningRequest',
  'flowcontrol/v1': 'FlowSchema PriorityLevelConfiguration',
  'scheduling/v1': 'PriorityClass',
  'admissionregistration/v1':
    'MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding',
  'apiextensions/v1': 'CustomResourceDefinition',
  'apiregistration/v1': 'APIService',
  'authentication/v1': 'TokenRequest TokenReview SelfSubjectReview',
  'authorization/v1': 'SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview LocalSubjectAccessReview',
};
const groups: Record<string, string> = {
  core: '',
  networking: 'networking.k8s.io',
  discovery: 'discovery.k8s.io',
  coordination: 'coordination.k8s.io',
  events: 'events.k8s.io',
  rbac: 'rbac.authorization.k8s.io',
  storage: 'storage.k8s.io',
  node: 'node.k8s.io',
  certificates: 'certificates.k8s.io',
  flowcontrol: 'flowcontrol.apiserver.k8s.io',
  scheduling: 'scheduling.k8s.io',
  admissionregistration: 'admissionregistration.k8s.io',
  apiextensions: 'apiextensions.k8s.io',
  apiregistration: 'apiregistration.k8s.io',
  authentication: 'authentication.k8s.io',
  authorization: 'authorization.k8s.io',
};
/** Types whose JSON is not the JSON of their fields; see src/simulator/api/http/protobuf.ts. */
const special: Record<string, string> = {
  'resource.Quantity': 'quantity',
  'intstr.IntOrString': 'intOrString',
  'meta/v1.Time': 'time',
  'meta/v1.MicroTime': 'microTime',
  'meta/v1.Duration': 'duration',
  'meta/v1.FieldsV1': 'json',
  'runtime.RawExtension': 'json',
  'apiextensions/v1.JSON': 'json',
};

interface Package {
  /** Name → body of the struct, or the type that it stands for. */
  types: Map<string, { body?: string[]; alias?: string }>;
  /** Import alias → package. */
  imports: Map<string, string>;
}

const packages = new Map<string, Package>();
const messages: Record<string, Record<number, string>> = {};
const roots: Record<string, string> = {};
for (const [name, list] of Object.entries(kinds)) {
  const [group = '', version = ''] = name.split('/');
  const apiGroup = groups[group] ?? group;
  for (const kind of list.split(' ')) {
    roots[`${apiGroup === '' ? version : `${apiGroup}/${version}`}/${kind}`] = `${name}.${kind}`;
    keep(name, kind);
  }
}
keep('meta/v1', 'DeleteOptions');
roots.DeleteOptions = 'meta/v1.DeleteOptions';
writeFileSync(
  join(import.meta.dirname, '../src/simulator/api/generated/protobuf.json'),
  `${JSON.stringify({ kinds: roots, messages })}\n`,
);

/** Adds a struct and all that it reaches to `messages`. */
function keep(packageName: string, typeName: string): void {
  const id = `${packageName}.${typeName}`;
  if (messages[id]) return;
  const body = open(packageName).types.get(typeName)?.body;
  if (!body) throw new Error(`No struct ${id}.`);
  const fields: Record<number, string> = {};
  messages[id] = fields;
  for (const line of body) {
    const found = /^\t(?:(\w+)\s+)?(\S+)\s+`(.*)`/.exec(line);
    const tags = found?.[3];
    const protobuf = tags && /protobuf:"([^"]*)"/.exec(tags)?.[1];
    const json = tags && /json:"([^"]*)"/.exec(tags)?.[1];
    if (!found || !protobuf) continue;
    const [, number = '', label = ''] = protobuf.split(',');
    // Without a JSON name, it is one of the shapes of an either-or; any name serves, see `typeOf`.
    const [jsonName = '', ...options] = (json ?? found[1] ?? '').split(',');
    const goType = found[2] ?? '';
    const drop = options.includes('omitempty') && !goType.startsWith('*') ? '?' : '';
    fields[Number(number)] = `${jsonName}${drop}:${typeOf(packageName, goType, label)}`;
  }
}

/** `[]x` repeated, `{}x` map from string, else one: a scalar's or special name, or a message id. */
function typeOf(packageName: string, goType: string, label: string): string {
  const type = goType.replace(/^\*/, '');
  if (type === '[]byte') return 'bytes';
  if (type.startsWith('[]')) return `[]${typeOf(packageName, type.slice(2), label)}`;
  const map = /^map\[[\w.]+\](.+)$/.exec(type);
  if (map?.[1]) return `{}${typeOf(packageName, map[1], '')}`;
  if (type === 'string') return 'string';
  if (type === 'bool') return 'bool';
  if (/^u?int(8|16|32|64)?$/.test(type)) return 'int';
  if (type === 'float64') return 'double';
  const [home, name] = locate(packageName, type);
  const id = `${home}.${name}`;
  if (special[id]) return special[id];
  if (home === 'types') return 'string';
  const found = open(home).types.get(name);
  if (!found) throw new Error(`No type ${id}.`);
  if (found.body) {
    keep(home, name);
    // Structs that write their own JSON have no JSON names: it is the one of their fields that is there.
    const tagged = found.body.filter((line) => line.includes('protobuf:'));
    return tagged.length > 0 && tagged.every((line) => !line.includes('json:')) ? `either ${id}` : id;
  }
  const alias = found.alias ?? '';
  // A named list is a message of its own, with the list as its first field, unless its field is a repeated one.
  const own = alias.startsWith('[]') && label !== 'rep';
  return own ? `list ${typeOf(home, alias.slice(2), '')}` : typeOf(home, alias, label);
}

function locate(packageName: string, type: string): [home: string, name: string] {
  const [qualifier = '', name] = type.split('.');
  if (name === undefined) return [packageName, qualifier];
  const home = open(packageName).imports.get(qualifier);
  if (!home) throw new Error(`No import ${qualifier} in ${packageName}.`);
  return [home, name];
}

function open(name: string): Package {
  const known = packages.get(name);
  if (known) return known;
  const folder = join(modules, 'k8s.io', elsewhere[name] ?? `api@${version}/${name}`);
  const made: Package = { types: new Map(), imports: new Map() };
  for (const file of globSync('*.go', { cwd: folder })) {
    if (/generated|_test\.go$/.test(file)) continue;
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    for (const [i, line] of lines.entries()) {
      const imported = /^\s+(?:(\w+) )?"k8s\.io\/([^"]+)"$/.exec(line);
      if (imported?.[2]) {
        const home = packageOf(imported[2]);
        made.imports.set(imported[1] ?? home.split('/').at(-1) ?? '', home);
      }
      const struct = /^type (\w+) struct ?\{(\}?)$/.exec(line);
      if (struct?.[1]) made.types.set(struct[1], { body: struct[2] ? [] : lines.slice(i + 1, lines.indexOf('}', i)) });
      const alias = /^type (\w+) ([\w.[\]*]+)$/.exec(line);
      if (alias?.[1] && alias[2]) made.types.set(alias[1], { alias: alias[2] });
    }
  }
  packages.set(name, made);
  return made;
}

function packageOf(path: string): string {
  if (path.startsWith('api/')) return path.slice(4);
  if (path === 'apimachinery/pkg/apis/meta/v1') return 'meta/v1';
  return path.split('/').at(-1) ?? path;
}
