// The line that opens a container: `::: error causa=MALLA-INY-02 comprobacion=etiqueta El título`.

export interface ContainerInfo {
  name: string;
  /** The `key=value` words just after the name. Later ones belong to the title: `istio-injection=enabled` may be in it. */
  values: Record<string, string>;
  title: string;
}

export function readContainerInfo(info: string): ContainerInfo {
  const [name = '', ...words] = info.trim().split(/\s+/);
  const end = words.findIndex((word) => !/^[a-z]+=/.test(word));
  const pairs = end < 0 ? words : words.slice(0, end);
  return {
    name,
    values: Object.fromEntries(pairs.map((w) => [w.slice(0, w.indexOf('=')), w.slice(w.indexOf('=') + 1)])),
    title: words.slice(pairs.length).join(' '),
  };
}
