// sed with -i, which the images of containers do without: each file is read, edited and written back.
import { resolvePath } from '../../exec/files.ts';
import type { Program } from '../../exec/program.ts';
import { sed as plain } from '../../exec/programs/sed.ts';
import type { HostMachine } from '../host-machine.ts';

export const sed =
  (host: HostMachine): Program =>
  async (argv, streams) => {
    const at = argv.findIndex((word) => /^(-[nErsz]*i|--in-place)/.test(word));
    if (at < 0) return plain(argv, streams);
    const [, letters = '', suffix = ''] = /^(?:--in-place=?|-([nErsz]*)i)(.*)$/.exec(argv[at] ?? '') ?? [];
    const rest = argv.flatMap((word, i) => (i !== at ? [word] : letters === '' ? [] : [`-${letters}`]));
    const named = rest.flatMap((word, i) => (isFile(rest, word, i) ? [word] : []));
    const files = rest.some((word) => /^-[nEr]*[ef]$|^--expression/.test(word)) ? named : named.slice(1);
    if (files.length === 0) {
      streams.stderr('sed: no input files\n');
      return 1;
    }
    for (const file of files) {
      const path = resolvePath(streams.cwd, file);
      if (host.files.kind(path) !== 'file') {
        streams.stderr(`sed: can't read ${file}: No such file or directory\n`);
        return 2;
      }
      const chunks: Uint8Array[] = [];
      const others = files.filter((f) => f !== file);
      const code = await plain(
        rest.filter((word) => !others.includes(word)),
        { ...streams, stdout: (chunk) => void chunks.push(Buffer.from(chunk)) },
      );
      if (code !== 0) return code;
      if (suffix !== '') host.files.write(`${path}${suffix}`, host.files.read(path));
      host.files.write(path, Buffer.concat(chunks));
    }
    return 0;
  };

/** The script, or a file: no option, and not the value of one. */
function isFile(words: readonly string[], word: string, index: number): boolean {
  return !word.startsWith('-') && !/^(-[nEr]*[ef]|--expression)$/.test(words[index - 1] ?? '');
}
