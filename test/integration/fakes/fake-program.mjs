// A program that is not what it seems: it answers what the rules file beside it says, and writes down that it was called.
import { appendFileSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const folder = dirname(process.argv[1]);
const name = basename(process.argv[1]);
const args = process.argv.slice(2);
const line = args.join(' ');
appendFileSync(join(folder, 'calls.log'), `${name} ${line}\n`);

const rules = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
// Without a file of that name a rule with `unless` holds, and one with `when` does not.
const rule = rules.find(
  ({ args: pattern, when, unless }) =>
    new RegExp(pattern).test(line) &&
    (when === undefined || existsSync(join(folder, when))) &&
    (unless === undefined || !existsSync(join(folder, unless))),
);
if (!rule) {
  process.stderr.write(`fake ${name}: nothing is said about: ${line}\n`);
  process.exit(99);
}
if (rule.touch) writeFileSync(join(folder, rule.touch), '');
if (rule.removes) rmSync(join(folder, rule.removes));
if (rule.kubeconfig) copyFileSync(rule.kubeconfig, args[args.indexOf('--kubeconfig') + 1]);
if (rule.stdout) process.stdout.write(rule.stdout);
if (rule.stderr) process.stderr.write(rule.stderr);
if (rule.garbage) process.stdout.write(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37) % 256)));
if (rule.dies) process.kill(process.pid, 'SIGKILL');
if (rule.hangs) setInterval(() => {}, 1000);
else process.exitCode = rule.exitCode ?? 0;
