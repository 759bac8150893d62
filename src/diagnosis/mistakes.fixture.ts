// Helpers of the tables of mistakes: symptoms, and ways to break a healthy world.
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../mesh/objects.ts';
import type { Answer } from '../traffic/load.ts';
import { bookinfo, reviewsRule, virtualService, type World } from './bookinfo.fixture.ts';
import { findCause } from './find-cause.ts';
import { createScene } from './scene.ts';
import type { MeasuredSplit, Symptom } from './symptom.ts';

export const url = (path: string): URL => new URL(`http://127.0.0.1:31380${path}`);
export const answer = (status: number, body = ''): Answer => ({ status, headers: {}, body, milliseconds: 1 });
export const refused: Answer = { ...answer(0), failure: 'refused' };
export const page = (seen: Answer, path = '/productpage'): Symptom => ({
  type: 'http',
  pattern: { path, method: 'GET', headers: {}, status: 200, contains: [] },
  url: url(path),
  answer: seen,
});
export const pods = (
  selector: string,
  more: { sidecar?: boolean; atLeast?: number; namespace?: string } = {},
): Symptom => ({
  type: 'pods',
  pattern: { namespace: 'default', atLeast: 1, selector, ...more },
});
export const injection: Symptom = { type: 'inyeccion', pattern: { namespace: 'default' } };
export const split = (expected: Record<string, number>, measured: Partial<MeasuredSplit> = {}): Symptom => ({
  type: 'reparto',
  pattern: {
    path: '/api/v1/products/0/reviews',
    headers: {},
    classes: { v1: 'reviews-v1-', v2: 'reviews-v2-', v3: 'reviews-v3-' },
    expected,
  },
  url: url('/api/v1/products/0/reviews'),
  measured: { decision: 'incorrecto', requests: 40, counts: {}, failures: {}, ...measured },
});
export const reviews = (...route: unknown[]): KubeObject => virtualService('reviews', ['reviews'], [{ route }]);
/** Bookinfo with subsets and these VirtualServices. */
export const withRules = (...rules: KubeObject[]): World => bookinfo().add(reviewsRule(), ...rules);
export const noSidecar = (w: World, name: string): World =>
  w.set('Pod', `${name}-abc-12345`, ['spec', 'initContainers'], undefined);
export const waiting = (w: World, name: string, reason: string): World =>
  w.set('Pod', `${name}-abc-12345`, ['status'], {
    phase: 'Pending',
    containerStatuses: [{ name: 'reviews', state: { waiting: { reason } } }],
  });

export interface Row {
  mistake: string;
  world: World;
  symptom: Symptom;
  code: string;
  at?: string;
}

/** One test a row. */
export function testRows(rows: Record<string, Row[]>): void {
  for (const [area, table] of Object.entries(rows)) {
    describe(area, () => {
      for (const { mistake, world, symptom, code, at } of table) {
        test(`${mistake} → ${code}`, () => {
          const cause = findCause(symptom, createScene(world.objects));
          expect(cause.code, cause.message).toBe(code);
          if (at) expect([cause.at?.kind, cause.at?.name, cause.at?.path].join(' ')).toContain(at);
        });
      }
    });
  }
}
