// The forms that Kubernetes gives to names, and what it says of one that has another. Each rule returns its complaints,
// none when the name is right. Texts and figures are those of the API server 1.34.

export type NameRule = (value: string) => string[];

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${qualified})?`;

const plainLabel: NameRule = shaped(
  63,
  label,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  'my-name',
  '123-abc',
);

/** A name that is right but for its dots is said in fewer words. */
export const dnsLabel: NameRule = (value) =>
  value.includes('.') && value.length <= 63 && dnsSubdomain(value).length === 0
    ? ['must not contain dots']
    : plainLabel(value);

export const dnsSubdomain: NameRule = shaped(
  253,
  subdomain,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  'example.com',
);

export const dnsLabel1035: NameRule = shaped(
  63,
  label1035,
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  'my-name',
  'abc-123',
);

export const labelValueRule: NameRule = shaped(
  63,
  labelValue,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  'MyValue',
  'my_value',
  '12345',
);

export const configKey: NameRule = (value) => {
  const found = shaped(
    253,
    '[-._a-zA-Z0-9]+',
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    'key.name',
    'KEY_NAME',
    'key-name',
  )(value);
  if (value === '.') return [...found, "must not be '.'"];
  if (value === '..') return [...found, "must not be '..'"];
  return value.startsWith('..') ? [...found, "must not start with '..'"] : found;
};

/** `example.com/MyName`: a name with an optional prefix. */
export const qualifiedName: NameRule = (value) => {
  const parts = value.split('/');
  const complete = `a qualified name ${described(qualifiedText, qualified, ['MyName', 'my.name', '123-abc'])} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  if (parts.length > 2) return [complete];
  const name = parts.at(-1) ?? '';
  const complaints: string[] = [];
  if (parts.length === 2) {
    const [prefix = ''] = parts;
    if (prefix === '') complaints.push('prefix part must be non-empty');
    else complaints.push(...dnsSubdomain(prefix).map((text) => `prefix part ${text}`));
  }
  if (name === '') complaints.push('name part must be non-empty');
  else if (name.length > 63) complaints.push('name part must be no more than 63 characters');
  if (!whole(qualified).test(name))
    complaints.push(`name part ${described(qualifiedText, qualified, ['MyName', 'my.name', '123-abc'])}`);
  return complaints;
};

const qualifiedText =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** Of a path: names of RBAC's kinds may have nearly anything. */
export const pathSegment: NameRule = (value) => {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%']
    .filter((character) => value.includes(character))
    .map((character) => `may not contain '${character}'`);
};

/** Of a container's or a Service's port: `http`. */
export const portName: NameRule = (value) => {
  const complaints: string[] = [];
  if (value.length > 15) complaints.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(value))
    complaints.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) complaints.push('must contain at least one letter (a-z)');
  if (value.includes('--')) complaints.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) complaints.push('must not begin or end with a hyphen');
  return complaints;
};

export const ipAddress: NameRule = (value) =>
  /^(\d{1,3})(\.\d{1,3}){3}$/.test(value) && value.split('.').every((n) => Number(n) < 256 && !/^0\d/.test(n))
    ? []
    : isIpv6(value)
      ? []
      : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];

function isIpv6(value: string): boolean {
  return value.includes(':') && URL.canParse(`http://[${value}]/`);
}

function shaped(longest: number, pattern: string, text: string, ...examples: string[]): NameRule {
  return (value) => [
    ...(value.length > longest ? [`must be no more than ${longest} characters`] : []),
    ...(whole(pattern).test(value) ? [] : [described(text, pattern, examples)]),
  ];
}

function described(text: string, pattern: string, examples: string[]): string {
  return `${text} (e.g. ${examples.map((e) => `'${e}'`).join(',  or ')}, regex used for validation is '${pattern}')`;
}

const patterns = new Map<string, RegExp>();

function whole(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`);
  patterns.set(pattern, known);
  return known;
}
