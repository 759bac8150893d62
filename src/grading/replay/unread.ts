import { sha256 } from '../handin/canonical-json.ts';
import { safeText } from '../handin/safe-text.ts';
import { type Graded, gradedFormat } from './graded.ts';

/** What is said of a hand-in of which nothing could be read yet. `malla`: the version that grades. */
export function unreadGraded({ name, bytes }: { name: string; bytes: Buffer }, malla: string): Graded {
  return {
    format: gradedFormat,
    submission: safeText(name, 300),
    sha256: bytes.length === 0 ? '' : sha256(bytes),
    seal: 'ninguno',
    malla: { graded: malla },
    evidence: [],
    outcome: 'rechazada',
    problems: [],
    labs: [],
    texts: {},
  };
}
