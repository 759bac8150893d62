// The usual programs of small images, by name. Which of them an image has is image-facts.ts's to say.
import type { Program } from '../program.ts';
import { sh } from '../shell/sh.ts';
import { awk } from './awk.ts';
import { curl } from './curl.ts';
import { cat, cp, ls, mkdir, mv, rm, tee, touch } from './files.ts';
import { grep } from './grep.ts';
import { nc } from './nc.ts';
import { nslookup, wget } from './network.ts';
import { refusedInterpreter } from './refused.ts';
import { sed } from './sed.ts';
import * as system from './system.ts';
import { tar } from './tar.ts';
import { test } from './test.ts';
import { base64, cut, head, sort, tail, tr, uniq, wc } from './text.ts';
import { time } from './time.ts';

export function findProgram(name: string): Program | undefined {
  return Object.hasOwn(programs, name) ? programs[name] : undefined;
}

const programs: Record<string, Program> = {
  '[': test('['),
  awk,
  base64,
  basename: system.basename,
  bash: sh('bash'),
  cat,
  cp,
  curl,
  cut,
  date: system.date,
  dirname: system.dirname,
  echo: system.echo,
  env: system.env,
  expr: system.expr,
  false: system.failure,
  grep,
  head,
  hostname: system.hostname,
  id: system.id,
  java: refusedInterpreter('java'),
  ls,
  mkdir,
  mv,
  nc,
  node: refusedInterpreter('node'),
  nproc: system.nproc,
  nslookup,
  printenv: system.printenv,
  printf: system.printf,
  ps: system.ps,
  pwd: system.pwd,
  python: refusedInterpreter('python'),
  python3: refusedInterpreter('python3'),
  rm,
  ruby: refusedInterpreter('ruby'),
  sed,
  seq: system.seq,
  sh: sh('sh'),
  sleep: system.sleep,
  sort,
  tail,
  tar,
  tee,
  test: test('test'),
  time,
  touch,
  tr,
  true: system.success,
  uname: system.uname,
  uniq,
  wc,
  wget,
  which: system.which,
  whoami: system.whoami,
  xargs: system.xargs,
};
