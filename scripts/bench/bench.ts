// `npm run bench [-- PART…]`: measures what docs/medidas.md says, or those parts of it, prints it as JSON, keeps it in recordings/last.json
// and writes that page. Each figure stands beside a reference taken in the same run, so that a slow machine does not look like a
// slow program.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureCrashes } from './api/crashes.ts';
import { measurePods } from './api/pods.ts';
import { measureWatchers } from './api/watchers.ts';
import { measureColdStart } from './cold-start.ts';
import { measureDataPlane } from './data-plane.ts';
import { measureEngine } from './engine.ts';
import { measureExtension } from './extension.ts';
import { measureFollowing } from './following.ts';
import { measureGraph } from './graph.ts';
import { measureIdle } from './idle.ts';
import { measureLanguage } from './language.ts';
import { measureLongGraph } from './long-graph.ts';
import { type Measure, round } from './measure.ts';
import { measuresPage, type Report } from './page.ts';
import { measurePromql } from './promql.ts';
import { measureVerdicts } from './verdicts.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const all: Record<string, (root: string) => Promise<Measure[]>> = {
  arranque: measureColdStart,
  motor: measureEngine,
  datos: measureDataPlane,
  veredictos: measureVerdicts,
  seguimiento: measureFollowing,
  grafo: measureGraph,
  promql: measurePromql,
  yaml: measureLanguage,
  extension: measureExtension,
  'grafo-largo': measureLongGraph,
  'api-pods': measurePods,
  'api-watches': measureWatchers,
  'api-caidas': measureCrashes,
  reposo: measureIdle,
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => all[name] === undefined);
if (unknown.length > 0) throw new Error(`No part is called ${unknown.join(', ')}: ${Object.keys(all).join(', ')}.`);

const kept = join(root, 'scripts/bench/recordings/last.json');
const known: Record<string, Report> = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
const fresh: Record<string, Report> = {};
for (const [name, measure] of Object.entries(all)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`Midiendo ${name}…`);
  const about = { date: new Date().toISOString(), machine: thisMachine(), load: round(loadavg()[0] ?? 0, 1) };
  fresh[name] = { ...about, measures: await measure(root) };
  keep({ ...known, ...fresh });
}
console.log(JSON.stringify(fresh, undefined, 2));
const measures = Object.values(fresh).flatMap((report) => report.measures);
process.exitCode = measures.every((m) => m.goal?.reached ?? true) ? 0 : 1;

/** After each part, so that one that fails loses nothing of those before it. */
function keep(reports: Readonly<Record<string, Report>>): void {
  const ordered = Object.fromEntries(
    Object.keys(all).flatMap((name) => (reports[name] ? [[name, reports[name]]] : [])),
  );
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, `${JSON.stringify(ordered, undefined, 2)}\n`);
  writeFileSync(join(root, 'docs/medidas.md'), measuresPage(ordered));
}

function thisMachine(): Report['machine'] {
  return {
    cpu: cpus()[0]?.model.trim() ?? '',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}
