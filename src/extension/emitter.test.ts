import { expect, test } from 'vitest';
import { createEmitter } from './emitter.ts';

test('a listener hears every value until it is disposed', () => {
  const heard: number[] = [];
  const emitter = createEmitter<number>();
  const listening = emitter.listen((n) => heard.push(n));
  emitter.fire(1);
  emitter.fire(2);
  listening.dispose();
  emitter.fire(3);
  expect(heard).toEqual([1, 2]);
});

test('the same function may listen twice and stop once', () => {
  let calls = 0;
  const emitter = createEmitter<void>();
  const count = () => {
    calls += 1;
  };
  const first = emitter.listen(count);
  emitter.listen(count);
  emitter.fire();
  first.dispose();
  emitter.fire();
  expect(calls).toBe(3);
});
