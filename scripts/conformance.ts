// `node scripts/conformance.ts [PART OF A NAME…]`: Kubernetes' conformance tests of the API machinery against an embedded
// cluster. Keeps what came out in test/conformance/results.json and docs/conformidad.md; fails when a test that passed no
// longer does. With names, only those tests, and the others keep what they had.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type ConformanceResult,
  type ConformanceResults,
  programNeeded,
  RESULTS,
  readResults,
  regressions,
} from '../test/conformance/conformance.ts';
import { conformancePage } from '../test/conformance/page.ts';
import { startCluster } from './conformance/cluster.ts';
import { goProgram } from './conformance/go-program.ts';
import { listTests, runTests } from './conformance/suite.ts';

const VERSION = 'v1.34.4';
const versionOf = ['component-base/version', 'client-go/pkg/version'].map(
  (p) => `-X k8s.io/${p}.gitVersion=${VERSION}`,
);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'a-la-vez': { type: 'string', default: '3' }, 'con-contenedor': { type: 'boolean', default: false } },
});
console.error(`Las pruebas de Kubernetes ${VERSION} (la primera vez se compilan, y tarda)…`);
const program = await goProgram({
  name: 'e2e.test',
  module: 'k8s.io/kubernetes',
  version: VERSION,
  main: { file: join(import.meta.dirname, 'conformance/suite/main.go') },
  staged: VERSION.replace('v1.', 'v0.'),
  ldflags: versionOf.join(' '),
});
const all = (await listTests(program)).filter((name) => name.startsWith('[sig-api-machinery] '));
const wanted = all.filter((name) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
const runnable = wanted.filter((name) => values['con-contenedor'] || programNeeded(name) === undefined);
const before = readResults();
const fresh: Record<string, ConformanceResult> = {};
const cluster = await startCluster();
try {
  await runTests({
    program,
    kubeconfig: cluster.kubeconfig,
    tests: runnable,
    together: Math.max(1, Number(values['a-la-vez']) || 1),
    onResult(name, result) {
      const { state, seconds = 0, why } = result;
      console.error(`${state === 'passed' ? '✓' : '✗'} ${name} (${seconds.toFixed(0)} s)${why ? `\n    ${why}` : ''}`);
      fresh[name] = result;
      // Whoever interrupts a long run keeps what it has found.
      keep();
    },
  });
} finally {
  await cluster.stop();
}
const lost = regressions(before, keep());
for (const name of lost) console.error(`Pasaba y ya no: ${name}`);
process.exitCode = lost.length > 0 ? 1 : 0;

function keep(): ConformanceResults {
  const tests = Object.fromEntries(all.map((name): [string, ConformanceResult] => [name, resultOf(name)]));
  const results: ConformanceResults = { version: VERSION, date: new Date().toISOString(), tests };
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(join(import.meta.dirname, '../docs/conformidad.md'), conformancePage(results));
  return results;
}

function resultOf(name: string): ConformanceResult {
  const program = programNeeded(name);
  return (
    fresh[name] ??
    before.tests[name] ??
    (program ? { state: 'needs a container', why: program } : { state: 'failed', why: 'no se ha lanzado' })
  );
}
