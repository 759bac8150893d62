import { expect, test } from 'vitest';
import { container, exec } from '../fixtures/container.ts';

test('what goes into an archive comes out of it', async () => {
  const { machine } = container();
  const script = [
    'mkdir -p /tmp/a/b; echo one > /tmp/a/uno; echo two > /tmp/a/b/dos',
    'tar cf /tmp/all.tar -C /tmp a',
    'mkdir /tmp/out; tar -xmf /tmp/all.tar -C /tmp/out',
    'cat /tmp/out/a/uno /tmp/out/a/b/dos; tar tf /tmp/all.tar',
  ].join(';');
  expect(await exec(machine, ['sh', '-c', script])).toEqual({
    code: 0,
    stdout: 'one\ntwo\na/\na/b/\na/b/dos\na/uno\n',
    stderr: '',
  });
});

test('names lose their first slash, aloud, and cannot climb', async () => {
  const { machine } = container();
  const script = 'echo x > /tmp/x; tar cf /tmp/y.tar /tmp/x; tar xf /tmp/y.tar -C /etc; cat /etc/tmp/x';
  expect(await exec(machine, ['sh', '-c', script])).toEqual({
    code: 0,
    stdout: 'x\n',
    stderr: "tar: removing leading '/' from member names\n",
  });
});

test.each([
  [['tar', 'cf', '-'], 'tar: empty archive\n'],
  [['tar', 'cf', '-', '/nada'], 'tar: /nada: No such file or directory\n'],
  [['tar', '-z'], "tar: invalid option -- 'z'\n"],
])('%j fails', async (command, stderr) => {
  expect(await exec(container().machine, command)).toMatchObject({ code: 1, stderr });
});

test('what is no archive is refused', async () => {
  const result = await exec(container().machine, ['tar', 'xf', '-'], 'x'.repeat(600));
  expect(result).toMatchObject({ code: 1, stderr: 'tar: invalid tar magic\n' });
});
