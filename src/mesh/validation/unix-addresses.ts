// Unix domain sockets as addresses.
export const UNIX = 'unix://';

/** `path`: without the prefix. */
export function unixAddress(path: string): string | undefined {
  if (path === '') return 'unix address must not be empty';
  if (path.startsWith('@')) return undefined;
  return path.startsWith('/') && !path.endsWith('/') ? undefined : `${path} is not an absolute path to a file`;
}
