// Takes out of a text what differs between runs and machines: addresses, ids, hashes, dates, pod name endings.

const rules: [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\bHash=[0-9a-f]{64}/g, 'Hash=<hash>'],
  [/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT/g, '<date>'],
  [/\beyJ[\w-]+(\.[\w-]+)*/g, '<token>'],
  [/fid-[a-z0-9]{6}-\d{4}/g, '<agent>'],
  [/\b((?:[a-z]+-)*(?:v\d|curl|httpbin|tcp-echo|ingressgateway))-[a-z0-9]{7,10}-[a-z0-9]{5}\b/g, '$1-<pod>'],
  // An ephemeral port says nothing; a service's or a container's does.
  [/\b\d{1,3}(\.\d{1,3}){3}:(\d{5})\b/g, '<ip>:<port>'],
  [/\b(?!127\.|0\.0\.0\.0|240\.)\d{1,3}(\.\d{1,3}){3}\b/g, '<ip>'],
  [/\b127\.0\.0\.1:\d{4,5}\b/g, '<ip>:<port>'],
];

/** `entry`: the authority of the entry address of this cluster. */
export function normalise(text: string, entries: string[] = []): string {
  const named = entries.reduce((t, entry) => t.replaceAll(entry, '$ENTRY'), text);
  return rules.reduce((t, [pattern, replacement]) => t.replace(pattern, replacement), named);
}
