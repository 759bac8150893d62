import { expect, test } from 'vitest';
import { isPanelState } from './host.ts';

const state = {
  lab: { id: 'canary', title: 'Canary', minutes: 10, objectives: [] },
  pages: [{ id: '', title: 'Introducción', mark: 'pendiente', verifiable: false }],
  page: { id: '', title: 'Introducción', html: '', hasHints: false, solution: 'no hay', checks: [] },
  cluster: { state: 'parado' },
  previous: [],
  folder: { kind: 'ninguna', path: '' },
  trusted: true,
};

test('a whole state is drawn', () => expect(isPanelState(state)).toBe(true));

test.each([
  [undefined],
  [{}],
  [{ ...state, lab: 'canary' }],
  [{ ...state, pages: [{ id: 1 }] }],
  [{ ...state, page: { ...state.page, html: 5 } }],
  [{ ...state, page: { ...state.page, checks: [{}] } }],
])('a state that cannot be drawn is ignored: %j', (value) => expect(isPanelState(value)).toBe(false));
