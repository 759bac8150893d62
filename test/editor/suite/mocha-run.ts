// What both suites of the extension host share: runs mocha over tests that are already loaded and writes the report
// that scripts/editor/host-suite.ts waits for.
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** `timeout`: of each test, milliseconds. */
export function createRun(define: () => void, timeout = 20_000): () => Promise<void> {
  return async () => {
    const mocha = new Mocha({ ui: 'bdd', timeout, reporter: Mocha.reporters.Base });
    mocha.suite.emit('pre-require', globalThis, '', mocha);
    const report = process.env.MALLA_TEST_REPORT;
    if (!report) throw new Error('MALLA_TEST_REPORT says where the report goes.');
    /** For who finds the suite stuck. */
    const note = (line: string): void => appendFileSync(`${report}.progress`, `${line}\n`);
    const lines: string[] = [];
    let passed = 0;
    let failed = 0;
    define();
    await new Promise<void>((resolve) => {
      mocha
        .run(() => resolve())
        .on('test', (test) => note(`… ${test.fullTitle()}`))
        .on('pass', (test) => {
          passed += 1;
          lines.push(`  ✓ ${test.fullTitle()} (${test.duration} ms)`);
        })
        .on('fail', (test, error: Error) => {
          failed += 1;
          lines.push(`  ✗ ${test.fullTitle()}\n${error.stack ?? error.message}`);
        });
    });
    // Renamed into place: whoever waits for it never reads half of it.
    writeFileSync(`${report}.part`, JSON.stringify({ passed, failed, lines }));
    renameSync(`${report}.part`, report);
  };
}
