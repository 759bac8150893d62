// `npm run bench`: measures what docs/medidas.md says, prints it as JSON and writes that page. Each figure stands beside a
// reference taken in the same run, so that a slow machine does not look like a slow program.
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
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
import type { Measure } from './measure.ts';
import { measuresPage } from './page.ts';
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
const measures: Measure[] = [];
for (const [name, measure] of Object.entries(all)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`Midiendo ${name}…`);
  measures.push(...(await measure(root)));
}
const report = {
  date: new Date().toISOString(),
  machine: {
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  },
  measures,
};
console.log(JSON.stringify(report, undefined, 2));
if (wanted.length === 0) writeFileSync(join(root, 'docs/medidas.md'), measuresPage(report));
process.exitCode = measures.every((m) => m.goal?.reached ?? true) ? 0 : 1;
