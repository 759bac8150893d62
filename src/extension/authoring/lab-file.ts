import { basename } from 'node:path';

/** `fileName` is that of a document of this language. */
export function isLabFile({ fileName, languageId }: { fileName: string; languageId: string }): boolean {
  return basename(fileName) === 'lab.md' && languageId === 'markdown';
}
