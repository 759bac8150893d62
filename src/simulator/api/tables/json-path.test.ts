import { expect, test } from 'vitest';
import { compilePath } from './json-path.ts';

const object = {
  spec: { hosts: ['a', 'b'], 'a.b': 1, 'x-y': 2 },
  status: {
    addresses: [{ value: 'one' }, { value: 'two' }],
    conditions: [
      { type: 'Accepted', status: 'True' },
      { type: 'Programmed', status: 'False' },
    ],
  },
};

test.each([
  ['.spec.hosts', [['a', 'b']]],
  ['.spec.hosts[1]', ['b']],
  [".spec['a.b']", [1]],
  ['.spec.a\\.b', [1]],
  ['.spec.x-y', [2]],
  ['.status.addresses[*].value', ['one', 'two']],
  ['.status.conditions[?(@.type=="Programmed")].status', ['False']],
  ['.status.conditions[?(@.type=="None")].status', []],
  ['.status.nothing.here', []],
  ['.spec.constructor', []],
  ['.spec[', []],
])('%s', (path, values) => {
  expect(compilePath(path)(object)).toEqual(values);
});
