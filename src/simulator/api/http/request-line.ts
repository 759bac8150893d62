// What a request line asks for.

/** What cannot be read is left out, as Go does. */
export function readQuery(text: string): URLSearchParams {
  return new URLSearchParams(
    text
      .split('&')
      .filter((pair) => !/%(?![0-9a-fA-F]{2})/.test(pair))
      .join('&'),
  );
}

/** Also of the absolute form that proxies send. */
export function splitUrl(url: string): [path: string, query: string] {
  const target = /^https?:\/\/[^/]*(.*)$/i.exec(url)?.[1] ?? url;
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}
