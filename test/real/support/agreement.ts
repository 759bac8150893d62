// Two places to work compared: the same solutions and mistakes, the same verdicts and causes?
import type { PlaceRecording, Row } from './recordings.ts';

export interface Agreement {
  /** Checks verified at both places. */
  verdicts: number;
  agreeing: number;
  /** Those of them with a cause at either place. */
  causes: number;
  sameCause: number;
  /** Spanish, a line for each difference. */
  differences: string[];
}

export function agreementOf(embedded: PlaceRecording, real: PlaceRecording): Agreement {
  const there = new Map(real.rows.map((row) => [keyOf(row), row]));
  const result: Agreement = { verdicts: 0, agreeing: 0, causes: 0, sameCause: 0, differences: [] };
  for (const row of embedded.rows) {
    const other = there.get(keyOf(row));
    if (!other || other.skipped) continue;
    for (const mine of row.found) {
      const theirs = other.found.find((f) => f.check === mine.check);
      if (!theirs) continue;
      result.verdicts++;
      const same = mine.state === theirs.state;
      if (same) result.agreeing++;
      const told = mine.cause !== undefined || theirs.cause !== undefined;
      if (told) result.causes++;
      if (told && mine.cause === theirs.cause) result.sameCause++;
      if (!same || mine.cause !== theirs.cause)
        result.differences.push(
          `${row.lab}/${row.step ?? ''} «${row.title}», ${mine.check}: ${say(mine)} / ${say(theirs)}`,
        );
    }
  }
  return result;
}

const say = ({ state, cause }: Row['found'][number]): string => `${state}${cause ? ` ${cause}` : ''}`;

function keyOf({ lab, step = '', what, title }: Row): string {
  return [lab, step, what, title].join('\n');
}
