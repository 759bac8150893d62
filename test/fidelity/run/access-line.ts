// One line of Istio's default access log, without what changes: times, ids, ephemeral addresses.

const line =
  /^\[\S+\] "(\S+) (\S+) (\S+)" (\d+) (\S+) (\S+) (\S+) "([^"]*)" (\d+) (\d+) (\S+) (\S+) "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)" (\S+) (\S+) (\S+) (\S+) (\S+) (\S+)$/;

export interface AccessLine {
  agent: string;
  text: string;
}

/** Undefined: it is not an access log line. */
export function readAccessLine(text: string): AccessLine | undefined {
  const fields = line.exec(text.trim());
  if (!fields) return undefined;
  const [, method, path, protocol, status, flags, details, termination, failure, rx, tx] = fields;
  const [agent = '', , authority, upstream, cluster] = fields.slice(14);
  const [sni, route] = fields.slice(22);
  const tcp = method === '-';
  const said = [
    tcp ? 'tcp' : `${method} ${path} ${protocol}`,
    `${status} ${flags} ${details} ${termination} "${failure}"`,
    // Bytes of bodies that hold names of pods differ, those of raw connections do not.
    ...(tcp ? [`${rx}/${tx} bytes`] : [`authority ${authority}`]),
    `upstream ${upstream}`,
    `cluster ${cluster}`,
    `sni ${sni}`,
    `route ${route}`,
  ];
  return { agent, text: said.join(' | ') };
}
