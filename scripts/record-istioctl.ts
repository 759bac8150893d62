// `node scripts/record-istioctl.ts ISTIOCTL`: what a real istioctl says of the objects of test/fixtures/istioctl, into the recordings beside them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saidOf, validateCases } from '../test/fixtures/istioctl/cases.ts';

const [istioctl] = process.argv.slice(2);
if (!istioctl) throw new Error('which istioctl?');
const folder = mkdtempSync(join(tmpdir(), 'malla-istioctl-'));
const fixtures = join(import.meta.dirname, '../test/fixtures/istioctl');
try {
  const file = join(folder, 'all.yaml');
  writeFileSync(
    file, // JSON, because Go's YAML takes a bare `y` for true.
    validateCases.map((object) => JSON.stringify(object)).join('\n---\n'),
  );
  const { stdout, stderr } = spawnSync(istioctl, ['validate', '-f', file], { encoding: 'utf8' });
  const said = saidOf(`${stdout}\n${stderr}`);
  writeFileSync(join(fixtures, 'validate-real.json'), `${JSON.stringify(said, null, 1)}\n`);
  console.log(`${validateCases.length} objects, ${Object.keys(said).length} with something to say`);
} finally {
  rmSync(folder, { recursive: true });
}
