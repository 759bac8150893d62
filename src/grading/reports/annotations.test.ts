import { expect, test } from 'vitest';
import { classOf } from '../class/class.fixture.ts';
import type { StudentResult } from '../class/class-result.ts';
import { githubAnnotations, gitlabCodeQuality } from './annotations.ts';

const berta = classOf().students.find((s) => s.code === 'berta') as StudentResult;

test('GitHub is told the file and the line of what is wrong, and warned of what cannot be verified', () => {
  const lines = githubAnnotations(berta).trimEnd().split('\n');
  expect(lines[0]).toBe(
    '::error file=canary/reviews.yaml,line=13,title=canary%2C uno%3A El reparto es 90/10::El VirtualService reviews da el 80 %25 a v1. Mira los pesos de la ruta.',
  );
  expect(lines.map((l) => l.slice(0, 9))).toEqual(['::error f', '::warning', '::error t']);
});

test('a text with lines makes no command of its own', () => {
  const [first] = berta.checks;
  const evil = {
    ...berta,
    checks: [
      { ...(first as StudentResult['checks'][number]), cause: undefined, observed: 'a\n::set-env name=x::y\r\n' },
    ],
  };
  expect(
    githubAnnotations(evil)
      .split('\n')
      .filter((l) => l.startsWith('::')),
  ).toHaveLength(1);
});

test('GitLab gets a Code Quality report with a fingerprint for each', () => {
  const issues = JSON.parse(gitlabCodeQuality(berta)) as Record<string, unknown>[];
  expect(issues[0]).toMatchObject({
    check_name: 'MALLA-REP-01',
    severity: 'major',
    location: { path: 'canary/reviews.yaml', lines: { begin: 13 } },
  });
  expect(new Set(issues.map((i) => i.fingerprint)).size).toBe(issues.length);
  expect(issues.every((i) => /^[0-9a-f]{64}$/.test(String(i.fingerprint)))).toBe(true);
});

test('what is right is told to nobody', () => {
  const ana = classOf().students[0] as StudentResult;
  expect([githubAnnotations(ana), JSON.parse(gitlabCodeQuality(ana))]).toEqual(['', []]);
});
