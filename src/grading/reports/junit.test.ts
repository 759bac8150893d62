import { expect, test } from 'vitest';
import { canaryOf, classOf, handIn } from '../class/class.fixture.ts';
import { classJunit } from './class-junit.ts';
import { junitFaults } from './junit-schema.fixture.ts';

const hostile = canaryOf(['incorrecto', 'correcto', 'correcto']);
const verdict = hostile.steps[0]?.checks[0]?.replayed;
if (verdict) verdict.observed = ']]></failure><script>&\u0000\u001b[2J" onload="x';

test('a class is of Jenkins’ schema, hostile text and all', () => {
  expect(junitFaults(classJunit(classOf()))).toEqual([]);
  expect(junitFaults(classJunit(classOf({ graded: [handIn('ana', { labs: [hostile] })] })))).toEqual([]);
});

test('a suite counts its own cases', () => {
  const xml = classJunit(classOf());
  expect(xml).toContain('<testsuite name="berta" tests="4" failures="2" errors="0" skipped="1"');
  expect(xml).toMatch(/<testsuites name="Práctica 1" tests="24" failures="\d+" errors="0">/);
});

test.each([
  ['<testsuites skipped="1"></testsuites>', 'testsuites has no skipped'],
  ['<testsuites><testsuite name="a" tests="1" failures="0"/></testsuites>', 'testsuite without errors'],
  ['<testsuites><testcase name="a"/></testsuites>', 'testcase in testsuites'],
  ['<testsuites>a & b</testsuites>', 'not escaped before </testsuites>'],
  ['<testsuites>', 'does not end'],
])('the schema finds what is wrong: %s', (body, fault) => {
  expect(junitFaults(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`)).toContain(fault);
});
