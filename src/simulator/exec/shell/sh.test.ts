import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { container, exec } from '../fixtures/container.ts';

const sh = async (script: string, input?: string) => exec(container().machine, ['sh', '-c', script], input);

describe('sh', () => {
  test.each([
    ['echo a b   c', 'a b c\n'],
    ['echo "a  b" \'$x\' a\\ b', 'a  b $x a b\n'],
    [`x=5; echo $x \${x}y "\${y:-none}" \${#x} $((x * 2 + 1))`, '5 5y none 1 11\n'],
    ['echo $(echo $(echo deep)) `echo old`', 'deep old\n'],
    ['for i in 1 2 3; do echo $i; done', '1\n2\n3\n'],
    ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done', '1\n3\n'],
    ['if false; then echo a; elif true; then echo b; else echo c; fi', 'b\n'],
    ['case abc in x|y) echo no;; a*) echo yes;; esac', 'yes\n'],
    ['f() { echo "<$1>"; return 4; }; f "a b"; echo $?', '<a b>\n4\n'],
    ['true && echo si || echo no; false && echo si || echo no; ! false && echo neg', 'si\nno\nneg\n'],
    ['(cd /etc; x=1); pwd; echo "[$x]"', '/home/curl_user\n[]\n'],
    ['cat <<E\nhi $SALUDO\nE', 'hi hola\n'],
    ['echo one > /tmp/f; echo two >> /tmp/f; cat < /tmp/f; echo lost > /dev/null', 'one\ntwo\n'],
    ['echo err >&2; (echo both; echo too >&2) 2>&1 | sort', 'both\ntoo\n'],
    ['printf "a 1\\nb 2\\n" | while read name value; do echo $value-$name; done', '1-a\n2-b\n'],
    [`f=path/to/x.txt; echo \${f##*/} \${f%.txt} \${f#path/}`, 'x.txt path/to/x to/x.txt\n'],
    ['ls /etc/host*', '/etc/hostname\n/etc/hosts\n'],
    ['set -- a b; echo $# $2 "$@"', '2 b a b\n'],
    ['echo "a,b;c" | tr ",;" "  " | awk \'{print $3, $1}\'', 'c a\n'],
    ['printf "b\\na\\nb\\n" | sort | uniq -c | sed "s/^ *//"', '1 a\n2 b\n'],
    ['echo "<title>Hola</title>" | grep -o "<title>.*</title>"', '<title>Hola</title>\n'],
    ['seq 1 1000 | head -2; seq 5 | tail -1; seq 3 | wc -l', '1\n2\n5\n3\n'],
  ])('%s', async (script, stdout) => {
    expect((await sh(script)).stdout).toBe(stdout);
  });

  test('the status of the last command is that of the shell', async () => {
    expect((await sh('false')).code).toBe(1);
    expect((await sh('exit 7; echo no')).code).toBe(7);
    expect((await sh('set -e; false; echo no')).stdout).toBe('');
    expect(await sh('nosuch')).toEqual({ code: 127, stdout: '', stderr: 'sh: nosuch: not found\n' });
  });

  test('a program that takes the place of the shell ends it', async () => {
    expect(await sh('echo a; exec echo b; echo no')).toMatchObject({ code: 0, stdout: 'a\nb\n' });
    expect((await sh('exec sh -c "exit 7"; echo no')).code).toBe(7);
    expect((await sh('exec nosuch; echo no')).code).toBe(127);
  });

  test('what cannot be parsed is a syntax error, status 2', async () => {
    expect(await sh('for')).toMatchObject({ code: 2, stdout: '' });
    expect((await sh('if true; then echo a')).stderr).toContain(
      'syntax error: end of file unexpected (expecting "fi")',
    );
  });

  test('a script on standard input shares it with its commands', async () => {
    const { machine } = container();
    expect((await exec(machine, ['sh'], 'echo first\nread line\nthe line\necho "<$line>"\n')).stdout).toBe(
      'first\n<the line>\n',
    );
  });

  test('a loop without end dies with its client', async () => {
    const gone = new AbortController();
    const running = exec(container().machine, ['sh', '-c', 'while true; do :; done'], '', gone.signal);
    setTimeout(() => gone.abort(), 20);
    expect((await running).code).toBe(130);
  });

  test('recursion without end is an error, not a crash', async () => {
    expect((await sh('f() { f; }; f')).stderr).toContain('too many levels');
  });

  test('no text makes the shell throw', async () => {
    const piece = fc.constantFrom(
      '$(',
      ')',
      '"',
      "'",
      '`',
      '${',
      '}',
      '$((',
      '))',
      'if ',
      'fi',
      ' do ',
      'done',
      ';',
      '|',
      '&&',
      '>',
      '<',
      'echo ',
      'a',
      ' ',
      '\n',
      '\\',
      '{',
      'for ',
      'case ',
      ' in ',
      'esac',
      '*',
      '=',
    );
    const script = fc.array(piece, { maxLength: 25 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(script, async (text) => {
        const gone = AbortSignal.timeout(500);
        expect((await exec(container().machine, ['sh', '-c', text], '', gone)).code).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('curl in a container', () => {
  test('goes by the pod’s network, with its headers and method', async () => {
    const { machine, calls } = container();
    const command = ['curl', '-s', '-X', 'PUT', '-H', 'Host: other', '-H', 'x-a: 1', 'http://httpbin:8000/put?a=1'];
    expect(await exec(machine, command)).toMatchObject({ code: 0, stdout: 'PUT /put?a=1\n' });
    expect(calls[0]).toMatchObject({ method: 'PUT', authority: 'other', path: '/put?a=1' });
    expect(calls[0]).toMatchObject({ connectTo: 'httpbin:8000', headers: { 'x-a': '1', 'user-agent': 'curl/8.16.0' } });
  });

  test.each([
    ['http://nosuch/', 6],
    ['http://closed/', 52],
    ['https://nosuch/', 6],
    ['https://httpbin/', 35],
  ])('%s ends with %i', async (url, code) => {
    expect((await exec(container().machine, ['curl', '-s', url])).code).toBe(code);
  });

  test('reads and writes files of the container only', async () => {
    const { machine } = container();
    await exec(machine, ['curl', '-s', '-o', '/tmp/out', 'http://httpbin/x']);
    expect((await exec(machine, ['cat', '/tmp/out'])).stdout).toBe('GET /x\n');
    expect((await exec(machine, ['curl', '-s', '-d', '@/proc/self/environ', 'http://httpbin/x'])).stderr).toContain(
      'Couldn\'t read data from file "/proc/self/environ"',
    );
  });
});

test('an image without programs has none', async () => {
  const { machine } = container('mccutchen/go-httpbin:v2.15.0');
  await expect(exec(machine, ['sh'])).rejects.toThrow('exec: "sh": executable file not found in $PATH');
});
