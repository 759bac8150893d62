// The help on Istio's YAML: what the editor's thread pays for it, and how long answers take, with small files, with a file of
// ten megabytes and with ten thousand files in the folder.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { createLanguageClient, type LanguageClient } from '../../src/extension/editor/language-client.ts';
import { bookinfoYaml, canaryYaml, subsetsYaml } from '../../src/language/fixtures.ts';
import { type Measure, quantile, round } from './measure.ts';

const RESOURCES = 10_000;
const ROUNDS = 20;
const LONGEST_PAUSE = 50;
const here = 'file:///bench/here.yaml';

export async function measureLanguage(root: string): Promise<Measure[]> {
  const script = join(root, 'dist/language.cjs');
  if (!existsSync(script)) throw new Error('dist/language.cjs is not built.');
  const folder = mkdtempSync(join(tmpdir(), 'malla-bench-language-'));
  try {
    const small = await onSmallFiles(script);
    const large = await onLargeFile(script);
    const many = await onManyFiles(script, folder);
    return [...small, ...large, ...many];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A client over the real worker; `malla` is never run, because no cluster is named. */
function open(script: string): LanguageClient {
  const start = () => ({ nodePath: process.execPath, entry: '', env: {}, texts: {}, language: 'es' });
  const client = createLanguageClient({ script, start, log: (text) => console.error(text) });
  client.start();
  return client;
}

async function onSmallFiles(script: string): Promise<Measure[]> {
  const client = open(script);
  client.tell({ tell: 'opened', uri: 'file:///bench/b.yaml', text: bookinfoYaml });
  client.tell({ tell: 'opened', uri: 'file:///bench/s.yaml', text: subsetsYaml });
  client.tell({ tell: 'opened', uri: here, text: canaryYaml });
  await client.ask('problems', { uri: here });
  const position = { line: 11, character: 20 };
  const complete = await timed(() => client.ask('complete', { uri: here, position }));
  const problems = await timed(() => client.ask('problems', { uri: here }));
  client.dispose();
  return [
    { name: 'ayuda de YAML: completar en un fichero de Bookinfo, mediana', value: complete, unit: 'ms' },
    { name: 'ayuda de YAML: problemas de un fichero de Bookinfo, mediana', value: problems, unit: 'ms' },
  ];
}

async function onLargeFile(script: string): Promise<Measure[]> {
  const text = largeFile();
  const client = open(script);
  await client.ask('problems', { uri: here });
  const pauses = watchPauses();
  const begun = performance.now();
  client.tell({ tell: 'opened', uri: here, text });
  await client.ask('problems', { uri: here });
  const first = performance.now() - begun;
  const keys: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const start = performance.now();
    client.tell({ tell: 'changed', uri: here, changes: [{ offset: 60, length: 0, text: 'x' }] });
    await client.ask('complete', { uri: here, position: { line: 10, character: 8 } });
    keys.push(performance.now() - start);
  }
  const longest = pauses.stop();
  client.dispose();
  return [
    pauseMeasure(
      `trabajo más largo sin pausa del hilo del editor con un fichero de ${Math.round(text.length / 1e6)} MB`,
      longest,
    ),
    { name: 'primera revisión de ese fichero, en el hilo de la ayuda', value: Math.round(first), unit: 'ms' },
    {
      name: 'de una tecla a lo que se puede completar en ese fichero, mediana',
      value: round(quantile(keys, 0.5), 1),
      unit: 'ms',
    },
  ];
}

async function onManyFiles(script: string, folder: string): Promise<Measure[]> {
  for (let i = 0; i < RESOURCES; i += 1) {
    const own = join(folder, String(i % 100));
    if (i < 100) mkdirSync(own);
    writeFileSync(join(own, `vs-${i}.yaml`), canaryYaml.replace('name: reviews', `name: reviews-${i}`));
  }
  const client = open(script);
  await client.ask('problems', { uri: here });
  const read = new Promise<void>((resolve) => {
    const listening = client.onKnown(() => {
      listening.dispose();
      resolve();
    });
  });
  const pauses = watchPauses();
  const begun = performance.now();
  client.tell({ tell: 'folders', paths: [folder] });
  const uri = pathToFileURL(join(folder, '7/vs-7.yaml')).href;
  client.tell({ tell: 'opened', uri, text: canaryYaml });
  const meanwhile: number[] = [];
  let done = false;
  void read.then(() => {
    done = true;
  });
  while (!done) {
    const start = performance.now();
    await client.ask('complete', { uri, position: { line: 11, character: 20 } });
    meanwhile.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const all = performance.now() - begun;
  const problems = await timed(() => client.ask('problems', { uri }), 5);
  const longest = pauses.stop();
  client.dispose();
  return [
    pauseMeasure(`trabajo más largo sin pausa del hilo del editor con ${RESOURCES} ficheros en la carpeta`, longest),
    { name: `leer ${RESOURCES} ficheros de Istio de la carpeta`, value: Math.round(all), unit: 'ms' },
    { name: 'completar mientras se leen, p95', value: round(quantile(meanwhile, 0.95), 1), unit: 'ms' },
    { name: `problemas de un fichero entre ${RESOURCES}, mediana`, value: problems, unit: 'ms' },
  ];
}

function pauseMeasure(name: string, longest: number): Measure {
  return {
    name,
    value: round(longest, 1),
    unit: 'ms de CPU',
    goal: { words: `≤ ${LONGEST_PAUSE}`, reached: longest <= LONGEST_PAUSE },
  };
}

/** The most that this thread, the editor's, worked without a pause: in time of CPU, for a busy machine also makes it wait. */
function watchPauses(): { stop(): number } {
  let longest = 0;
  const worked = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let before = worked();
  const timer = setInterval(() => {
    const now = worked();
    longest = Math.max(longest, now - before);
    before = now;
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}

async function timed(run: () => Promise<unknown>, rounds = ROUNDS): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const start = performance.now();
    await run();
    samples.push(performance.now() - start);
  }
  return round(quantile(samples, 0.5), 1);
}

function largeFile(): string {
  const parts: string[] = [];
  let size = 0;
  for (let i = 0; size < 10_000_000; i += 1) {
    const part = canaryYaml.replace('name: reviews', `name: reviews-${i}`);
    parts.push(part);
    size += part.length + 4;
  }
  return parts.join('---\n');
}
