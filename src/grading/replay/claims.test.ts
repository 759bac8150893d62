import { expect, test } from 'vitest';
import { chainOf, recordOf as made } from '../handin/hand-in.fixture.ts';
import { claimsOf, recordOf } from './claims.ts';

const at = (minute: number): string => `2026-11-20T09:${String(minute).padStart(2, '0')}:00.000Z`;
const [right] = made().verdicts;
const verdict = (code?: string) =>
  right && code === undefined
    ? [right]
    : [
        {
          ...(right as NonNullable<typeof right>),
          state: 'incorrecto' as const,
          cause: { code: code ?? '', message: 'm', hint: 'h' },
        },
      ];
const journal = chainOf('d', [
  made({ at: at(0), verdicts: verdict('MALLA-REP-01') }),
  made({ at: at(3), verdicts: verdict('MALLA-REP-01') }),
  made({ at: at(5), verdicts: verdict('MALLA-RUT-08') }),
  made({ at: at(6), verdicts: verdict() }),
  made({ at: at(9), verdicts: verdict('MALLA-REP-02') }),
  made({ at: at(10), step: 'mitad', verdicts: verdict('MALLA-REP-04') }),
]);

test('a step is graded by the last time that it was all right, though it was undone later', () => {
  expect(recordOf(journal, 'canary', 'noventa')?.at).toBe(at(6));
});

test('a step that was never right is graded by the last time', () => {
  expect(recordOf(journal, 'canary', 'mitad')?.at).toBe(at(10));
  expect(recordOf(journal, 'canary', 'cien')).toBeUndefined();
});

test('what a check was told lasts until it was told something else', () => {
  expect(claimsOf(journal, { lab: 'canary', step: 'noventa', check: 'reparto' })).toEqual({
    attempts: 5,
    firstRight: at(6),
    diagnoses: [
      { code: 'MALLA-REP-01', at: at(0), seconds: 300 },
      { code: 'MALLA-RUT-08', at: at(5), seconds: 60 },
      { code: 'MALLA-REP-02', at: at(9), seconds: 0 },
    ],
  });
});

test('what an exam kept by itself counts when the step was never right, and not when it was', () => {
  const kept = (minute: number, step: string) =>
    made({ at: at(minute), step, event: 'guardado' as const, verdicts: [] });
  const records = chainOf('d', [
    made({ at: at(0), verdicts: verdict() }),
    made({ at: at(1), step: 'mitad', verdicts: verdict('MALLA-REP-04') }),
    kept(2, 'noventa'),
    kept(2, 'mitad'),
    kept(2, 'cien'),
  ]);
  const chosen = ['noventa', 'mitad', 'cien'].map((step) => recordOf(records, 'canary', step)?.at);
  expect(chosen).toEqual([at(0), at(2), at(2)]);
  expect(claimsOf(records, { lab: 'canary', step: 'cien', check: 'reparto' }).attempts).toBe(0);
});
