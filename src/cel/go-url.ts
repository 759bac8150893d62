// Absolute addresses as Go's url.ParseRequestURI takes them, for the messages of the API server are Go's.

export interface GoUrl {
  scheme: string;
  /** With the port. */
  host: string;
  path: string;
  query: string;
}

/** Throws an Error with Go's sentence. */
export function parseRequestUri(text: string): GoUrl {
  const fail = (why: string): never => {
    throw new Error(`parse ${JSON.stringify(text)}: ${why}`);
  };
  if ([...text].some((c) => c < ' ' || c === '\u007f')) return fail('net/url: invalid control character in URL');
  if (text === '') return fail('empty url');
  if (text.startsWith(':')) return fail('missing protocol scheme');
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1] ?? '';
  const rest = scheme === '' ? text : text.slice(scheme.length + 1);
  const [beforeQuery = '', query = ''] = rest.split(/\?(.*)/s);
  if (!beforeQuery.startsWith('/')) {
    if (scheme === '') return fail('invalid URI for request');
    return { scheme: scheme.toLowerCase(), host: '', path: '', query };
  }
  const authority = beforeQuery.startsWith('//') ? (/^\/\/([^/]*)/.exec(beforeQuery)?.[1] ?? '') : '';
  const path = beforeQuery.startsWith('//') ? beforeQuery.slice(2 + authority.length) : beforeQuery;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const bad = /[\s"<>\\^`{|}]/.exec(host)?.[0];
  if (bad !== undefined) return fail(`invalid character ${JSON.stringify(bad)} in host name`);
  const port = /^(?:\[[^\]]*\]|[^:]*)(:.*)?$/.exec(host)?.[1] ?? '';
  if (!/^(:\d*)?$/.test(port)) return fail(`invalid port ${JSON.stringify(port)} after host`);
  const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(path)?.[0];
  if (badEscape !== undefined) return fail(`invalid URL escape ${JSON.stringify(badEscape)}`);
  return { scheme: scheme.toLowerCase(), host, path, query };
}
