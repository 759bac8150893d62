import type { KubeObject } from '../objects.ts';
import {
  attribute,
  type Complaint,
  emptyValue,
  ipBlocks,
  pathTemplates,
  portNumbers,
  serviceAccounts,
  trustDomains,
} from './attributes.ts';
import { type Fields, Findings, fields, list, text, texts } from './findings.ts';
import { validateTargets } from './selectors.ts';

type Refuse = (complaint: Complaint) => void;

export function validateAuthorizationPolicy(spec: Fields, findings: Findings, object: KubeObject): void {
  const { name, namespace = '' } = object.metadata;
  const refuse: Refuse = ({ text: message, listed }) =>
    findings.error(`invalid policy ${name}.${namespace}: ${message}`, listed ?? false);
  const targets = new Findings();
  validateTargets(spec, targets);
  for (const problem of targets.errors) refuse({ text: problem });
  for (const warning of targets.warnings) findings.warn(warning);
  const action = text(spec.action) || 'ALLOW';
  const rules = list(spec.rules).map(fields);
  validateAction(spec, action, rules, refuse);
  for (const [index, rule] of rules.entries()) {
    const at = `found at rule ${index}`;
    const sources = list(rule.from).map((item) => fields(item).source);
    const operations = list(rule.to).map((item) => fields(item).operation);
    for (const source of sources) validateSource(source, at, refuse);
    for (const operation of operations) validateOperation(operation, at, refuse);
    for (const condition of list(rule.when).map(fields)) validateCondition(condition, refuse);
    if (action === 'DENY' && usesOnlyHttp(sources, operations)) findings.warn(DENIES_TCP);
  }
}

const DENIES_TCP =
  'configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due to the use of only HTTP attributes in a DENY rule; it is recommended to explicitly specify the port';

function validateAction(spec: Fields, action: string, rules: Fields[], refuse: Refuse): void {
  const pointless =
    'action without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request';
  if (action === 'CUSTOM') {
    if (rules.length === 0) refuse({ text: `CUSTOM ${pointless}` });
    else if (text(fields(spec.provider).name) === '') refuse({ text: '`provider.name` must not be empty' });
    for (const rule of rules) validateCustomRule(rule, refuse);
  } else if (spec.provider !== undefined)
    refuse({ text: `\`provider\` must not be with non CUSTOM action, found ${action}` });
  if (action === 'DENY' && rules.length === 0) refuse({ text: `DENY ${pointless}` });
}

const notWithCustom = [
  'Namespaces',
  'NotNamespaces',
  'ServiceAccounts',
  'NotServiceAccounts',
  'TrustDomains',
  'NotTrustDomains',
  'Principals',
  'NotPrincipals',
  'RequestPrincipals',
  'NotRequestPrincipals',
];
const keysNotWithCustom = /^(source\.(namespace|serviceAccount|trustDomain|principal)$|request\.auth\.)/;

/** An external authorizer is asked before the proxy knows who is calling. */
function validateCustomRule(rule: Fields, refuse: Refuse): void {
  const unsupported = (what: string) => refuse({ text: `${what} is currently not supported with CUSTOM action` });
  for (const source of list(rule.from).map((item) => fields(fields(item).source)))
    for (const name of notWithCustom) if (valuesOf(source, name).length > 0) unsupported(`From.${name}`);
  for (const key of list(rule.when).map((item) => text(fields(item).key)))
    if (keysNotWithCustom.test(key)) unsupported(key);
}

/** `NotIpBlocks` of a source is its field `notIpBlocks`. */
const valuesOf = (owner: Fields, name: string) => texts(owner[`${name[0]?.toLowerCase()}${name.slice(1)}`]);

const sourceLists = [
  'Principals',
  'RequestPrincipals',
  'Namespaces',
  'ServiceAccounts',
  'TrustDomains',
  'IpBlocks',
  'RemoteIpBlocks',
].flatMap((name, _, all) => (name === all[0] ? [...all, ...all.map((n) => `Not${n}`)] : []));

function validateSource(value: unknown, at: string, refuse: Refuse): void {
  if (value === undefined) {
    refuse({ text: `\`from.source\` must not be nil, ${at}` });
    return;
  }
  const source = fields(value);
  const has = (name: string) => valuesOf(source, name).length > 0;
  const named = ['Principals', 'NotPrincipals', 'Namespaces', 'NotNamespaces'].some(has);
  if (named && (has('ServiceAccounts') || has('NotServiceAccounts')))
    refuse({ text: `cannot set serviceAccounts with namespaces or principals, ${at}` });
  if (!sourceLists.some(has)) refuse({ text: `\`from.source\` must not be empty, ${at}` });
  for (const name of ['IpBlocks', 'NotIpBlocks', 'RemoteIpBlocks', 'NotRemoteIpBlocks'])
    for (const complaint of ipBlocks(valuesOf(source, name))) refuse(complaint);
  for (const name of sourceLists)
    for (const complaint of checkOf(name)(name, valuesOf(source, name))) refuse(complaint);
}

function checkOf(name: string): (key: string, values: string[]) => Complaint[] {
  if (name.endsWith('ServiceAccounts')) return serviceAccounts;
  return name.endsWith('TrustDomains') ? trustDomains : emptyValue;
}

const operationLists = ['Ports', 'Methods', 'Paths', 'Hosts', 'NotPorts', 'NotMethods', 'NotPaths', 'NotHosts'];

function validateOperation(value: unknown, at: string, refuse: Refuse): void {
  if (value === undefined) {
    refuse({ text: `\`to.operation\` must not be nil, ${at}` });
    return;
  }
  const operation = fields(value);
  if (operationLists.every((name) => valuesOf(operation, name).length === 0))
    refuse({ text: `\`to.operation\` must not be empty, ${at}` });
  const complaints = [
    ...['Ports', 'NotPorts'].flatMap((name) => portNumbers(valuesOf(operation, name))),
    ...operationLists.flatMap((name) => emptyValue(name, valuesOf(operation, name))),
    ...['Paths', 'NotPaths'].flatMap((name) => pathTemplates(name, valuesOf(operation, name))),
  ];
  for (const complaint of complaints) refuse(complaint);
}

function validateCondition(condition: Fields, refuse: Refuse): void {
  const [key, values, notValues] = [text(condition.key), texts(condition.values), texts(condition.notValues)];
  if (key === '') {
    refuse({ text: '`key` must not be empty' });
    return;
  }
  if (values.length + notValues.length === 0) {
    refuse({ text: `at least one of \`values\` or \`notValues\` must be set for key ${key}` });
    return;
  }
  for (const [field, written] of [
    ['value', values],
    ['notValue', notValues],
  ] as const) {
    const texts = asOneError(attribute(key, written));
    if (texts !== undefined) refuse({ text: `invalid \`${field}\` for \`key\` ${key}: ${texts}` });
  }
}

function asOneError(complaints: Complaint[]): string | undefined {
  const all = new Findings();
  for (const complaint of complaints) all.error(complaint.text, complaint.listed ?? false);
  return all.text();
}

const tcpSources = ['Principals', 'IpBlocks', 'Namespaces', 'RemoteIpBlocks', 'ServiceAccounts'].flatMap((name) => [
  name,
  `Not${name}`,
]);

function usesOnlyHttp(sources: unknown[], operations: unknown[]): boolean {
  const [from, to] = [sources, operations].map((all) => all.filter((item) => item !== undefined).map(fields));
  const tcpFrom = from?.some((source) => tcpSources.some((name) => valuesOf(source, name).length > 0));
  const tcpTo = to?.some((o) => valuesOf(o, 'Ports').length + valuesOf(o, 'NotPorts').length > 0);
  const [hasFrom, hasTo] = [(from?.length ?? 0) > 0, (to?.length ?? 0) > 0];
  return (hasFrom && !hasTo && !tcpFrom) || (hasTo && !tcpTo);
}
