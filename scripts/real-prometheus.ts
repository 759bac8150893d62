// `node scripts/real-prometheus.ts`: unpacks Debian's newest Prometheus into ~/.cache/malla-prometheus, for the tests that
// compare with a real one. Installs nothing and changes nothing of the system: apt works in a folder of its own.
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Stable releases of Debian have version 2, whose windows are another. */
const SUITE = 'sid';

if (process.env.CI) throw new Error('CI compares only where a Prometheus is already there');

const target = join(homedir(), '.cache/malla-prometheus');
const folder = mkdtempSync(join(tmpdir(), 'malla-apt-'));
try {
  const mirror = firstMirror();
  if (!mirror) throw new Error('apt knows no mirror of Debian');
  for (const part of ['lists/partial', 'cache/archives/partial', 'parts']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(join(folder, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} ${SUITE} main\n`);
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': join(folder, 'parts'),
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  writeFileSync(join(folder, 'apt.conf'), lines.join(''));
  const options = {
    cwd: folder,
    stdio: 'inherit' as const,
    env: { ...process.env, APT_CONFIG: join(folder, 'apt.conf') },
  };
  execFileSync('apt-get', ['update', '-q'], options);
  execFileSync('apt-get', ['download', '-q', 'prometheus'], options);
  const [archive] = globSync('prometheus_*.deb', { cwd: folder });
  if (!archive) throw new Error('apt has downloaded nothing');
  mkdirSync(target, { recursive: true });
  execFileSync('dpkg', ['-x', join(folder, archive), target], { stdio: 'inherit' });
  console.log(read(join(target, 'usr/bin/prometheus'), ['--version'])[0]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function firstMirror(): string | undefined {
  return read('apt-get', ['indextargets', '--format', '$(REPO_URI)']).find((uri) => /\/debian\/?$/.test(uri));
}

function read(program: string, argv: string[]): string[] {
  return execFileSync(program, argv, { encoding: 'utf8' }).split('\n').filter(Boolean);
}
