import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { imageRuntime } from './image-runtime.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-runtime-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A docker that writes this and ends so, whatever it is asked. */
async function fake({ stdout = '', stderr = '', exitCode = 0 }) {
  const program = join(folder, 'docker');
  const script = `process.stdout.write(${JSON.stringify(stdout)});process.stderr.write(${JSON.stringify(stderr)});process.exitCode=${exitCode}`;
  await writeFile(program, `#!${process.execPath}\n${script}\n`);
  await chmod(program, 0o755);
  return imageRuntime({ program, env: {}, signal: new AbortController().signal });
}

const posix = test.skipIf(process.platform === 'win32');

posix('an image that is there is known by its digest, with and without the algorithm', async () => {
  const found = JSON.stringify([{ Id: 'sha256:ab', Architecture: 'amd64', Size: 5 }]);
  expect(await (await fake({ stdout: found })).find('x')).toEqual({ id: 'sha256:ab', arch: 'amd64', bytes: 5 });
  const podman = found.replace('sha256:', '');
  expect(await (await fake({ stdout: podman })).find('x')).toMatchObject({ id: 'sha256:ab' });
});

posix('an image that is not there is not an error; a runtime that fails otherwise is', async () => {
  const missing = await fake({ stderr: 'Error response from daemon: No such image: x:1', exitCode: 1 });
  expect(await missing.find('x:1')).toBeUndefined();
  const stopped = await fake({ stderr: 'Cannot connect to the Docker daemon', exitCode: 1 });
  await expect(stopped.find('x:1')).rejects.toMatchObject({ code: 'MALLA-PRG-03' });
});

posix('an answer that makes no sense is said so', async () => {
  for (const stdout of ['', 'hola', '[]', '[null]'])
    await expect((await fake({ stdout })).find('x')).rejects.toMatchObject({ code: 'MALLA-PAQ-09' });
});

posix('a pull that fails names the image and the last that the runtime said', async () => {
  const runtime = await fake({ stderr: 'Pulling\nerror: dial tcp: no such host\n', exitCode: 1 });
  await expect(runtime.pull('nginx:1', 'amd64')).rejects.toMatchObject({
    code: 'MALLA-PAQ-09',
    happened: expect.stringMatching(/nginx:1.*no such host/),
  });
});

posix('a full disk is told as one, when saving and when loading', async () => {
  const runtime = await fake({ stderr: 'write /x.tar: no space left on device', exitCode: 1 });
  await expect(runtime.save(['nginx:1'], '/x.tar')).rejects.toMatchObject({ code: 'MALLA-PAQ-08' });
  await expect(runtime.load('/x.tar')).rejects.toMatchObject({ code: 'MALLA-PAQ-08' });
});
