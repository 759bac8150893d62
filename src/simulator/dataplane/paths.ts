// Paths as Envoy reads them: the fragment is dropped and dot segments are resolved before any rule looks.

/** Undefined: no path at all, which Envoy answers with 400. */
export function normalPath(given: string): string | undefined {
  // Most paths are normal already.
  if (!UNUSUAL.test(given)) return given;
  const withoutFragment = given.split('#', 1)[0] ?? '';
  const question = withoutFragment.indexOf('?');
  const path = question < 0 ? withoutFragment : withoutFragment.slice(0, question);
  const query = question < 0 ? '' : withoutFragment.slice(question);
  if (/%00/.test(path)) return undefined;
  if (!path.startsWith('/')) return withoutFragment;
  return resolveDots(decodeUnreserved(path.replaceAll('\\', '/'))) + query;
}

const UNUSUAL = /[#\\]|\/\.|%00|%(2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i;

/** Letters, digits and - . _ ~ need no escape, so they have none (RFC 3986, 6.2.2.2). */
function decodeUnreserved(path: string): string {
  return path.replace(/%([2-7][0-9a-f])/gi, (escaped, code: string) => {
    const character = String.fromCharCode(Number.parseInt(code, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escaped;
  });
}

function resolveDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const plain = segment.replace(/%2e/gi, '.');
    const last = index === segments.length - 1;
    if (plain === '..') kept.pop();
    else if (plain !== '.') kept.push(segment);
    if (last && (plain === '.' || plain === '..')) kept.push('');
  }
  return `/${kept.join('/')}`;
}
