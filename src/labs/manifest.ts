/** Something that `kubectl apply` understands, and not a file of settings. */
export function isManifest(content: string): boolean {
  return /^apiVersion:/m.test(content) && /^kind:/m.test(content);
}
