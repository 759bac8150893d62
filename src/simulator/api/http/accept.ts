// Content negotiation: which of the forms that we can write a client asked for.
import { ApiError } from '../errors.ts';

/** What an object or a list is sent as. */
export interface Form {
  as: 'object' | 'table' | 'metadata';
  syntax: 'json' | 'yaml';
}

export interface MediaType {
  type: string;
  parameters: Record<string, string>;
}

/** In the order of the header: clients name what they like best first, and q is not used by any Kubernetes client. */
export function parseMediaTypes(header: string | undefined): MediaType[] {
  return (header ?? '')
    .split(',')
    .map((range) => {
      const [type = '', ...rest] = range.split(';').map((part) => part.trim());
      const pairs = rest.map((p) => p.split('=', 2).map((s) => s.trim()) as [string, string?]);
      return { type: type.toLowerCase(), parameters: Object.fromEntries(pairs.map(([k, v]) => [k, v ?? ''])) };
    })
    .filter((media) => media.type !== '');
}

const readable = ['application/json', 'application/yaml'];
const protobuf = 'application/vnd.kubernetes.protobuf';

/** Throws 406 when the client takes nothing that we write: protobuf and CBOR alone, for instance. */
export function negotiate(header: string | undefined, offered: readonly Form['as'][] = ['object']): Form {
  const wanted = parseMediaTypes(header);
  if (wanted.length === 0) return { as: 'object', syntax: 'json' };
  for (const { type, parameters } of wanted) {
    const syntax = syntaxOf(type);
    const as = formOf(parameters);
    if (syntax && as && offered.includes(as)) return { as, syntax };
  }
  throw refusal(wanted);
}

/** Types that nobody serves are refused by the router, in its words; a form that there is not, by who would write it. */
function refusal(wanted: MediaType[]): ApiError {
  const known = wanted.filter(({ type }) => syntaxOf(type) !== undefined || type === protobuf);
  if (known.length === 0) {
    const message = `406: Not Acceptable\n\nAvailable representations: ${[...readable, protobuf].join(', ')}`;
    return new ApiError(406, 'NotAcceptable', message, {});
  }
  // Who takes protobuf alone must not read that it could have it.
  const written = known.every(({ type }) => type === protobuf) ? readable : [...readable, protobuf];
  const message = `only the following media types are accepted: ${written.join(', ')}`;
  return new ApiError(406, 'NotAcceptable', message);
}

export function notAcceptable(accepted: readonly string[] = readable): ApiError {
  return new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`, {});
}

function syntaxOf(type: string): Form['syntax'] | undefined {
  if (type === 'application/yaml') return 'yaml';
  return ['application/json', 'application/*', '*/*'].includes(type) ? 'json' : undefined;
}

function formOf({ as, g, v }: Record<string, string>): Form['as'] | undefined {
  if (as === undefined) return 'object';
  if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined;
  if (as === 'Table') return 'table';
  return as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList' ? 'metadata' : undefined;
}
