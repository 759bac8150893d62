// Names that the cluster's DNS leaves to the world's: they resolve, and where they lead is outside.

const WORLD = new Set(['com', 'org', 'net', 'edu', 'gov', 'io', 'dev', 'app', 'es', 'eu', 'uk', 'de', 'fr', 'it']);

export function isWorldName(host: string): boolean {
  const dot = host.lastIndexOf('.');
  return dot > 0 && WORLD.has(host.slice(dot + 1).toLowerCase());
}
