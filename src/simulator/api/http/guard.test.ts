import { expect, test } from 'vitest';
import { createGuard } from './guard.ts';

const robot = { name: 'system:serviceaccount:default:robot', groups: ['system:serviceaccounts'] };
const guard = createGuard({ token: 'secret', tokenUser: (t) => (t === 'robot' ? robot : undefined) });
const host = '127.0.0.1:20000';

test('the token and a client certificate are known; no credentials are anonymous; wrong ones are 401', () => {
  expect(guard({ headers: { host, authorization: 'Bearer secret' } }).groups).toContain('system:masters');
  expect(guard({ headers: { host, authorization: 'Bearer robot' } })).toEqual(robot);
  expect(guard({ headers: { host }, certificate: { commonName: 'ana', organizations: ['system:masters'] } })).toEqual({
    name: 'ana',
    groups: ['system:masters', 'system:authenticated'],
  });
  expect(guard({ headers: { host } }).name).toBe('system:anonymous');
  for (const authorization of ['Bearer wrong', 'Bearer secre'])
    expect(() => guard({ headers: { host, authorization } })).toThrow(expect.objectContaining({ code: 401 }));
  // As the real server, which looks at tokens only.
  for (const authorization of ['Basic c2VjcmV0', 'Bearer'])
    expect(guard({ headers: { host, authorization } }).name).toBe('system:anonymous');
});

test.each(['evil.example:20000', 'localhost.evil.example', '', undefined, '127.0.0.1.nip.io:20000'])(
  'a request for the host %s is refused, whatever its credentials',
  (foreign) => {
    expect(() => guard({ headers: { host: foreign, authorization: 'Bearer secret' } })).toThrow(
      expect.objectContaining({ code: 403 }),
    );
  },
);

test.each(['https://evil.example', 'null', 'file://', 'vscode-webview://x'])('a page of %s is refused', (origin) => {
  expect(() => guard({ headers: { host, origin, authorization: 'Bearer secret' } })).toThrow(
    expect.objectContaining({ code: 403 }),
  );
});

test('an administrator may act as somebody else, and nobody else may', () => {
  const as = { 'impersonate-user': 'system:serviceaccount:shop:robot' };
  expect(guard({ headers: { host, authorization: 'Bearer secret', ...as } })).toEqual({
    name: 'system:serviceaccount:shop:robot',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
  });
  expect(() => guard({ headers: { host, authorization: 'Bearer robot', ...as } })).toThrow(
    expect.objectContaining({ code: 403 }),
  );
});

test('who may take the place of somebody, in all that is asked, is them', () => {
  const asked: string[] = [];
  const mayActAs = (user: { name: string }, resource: string, namespace: string | undefined, name: string): boolean => {
    asked.push(`${user.name} ${resource} ${namespace ?? '-'} ${name}`);
    return name !== 'jefes';
  };
  const open = createGuard({ token: 'secret', tokenUser: () => robot, mayActAs });
  const headers = { host, authorization: 'Bearer robot', 'impersonate-user': 'system:serviceaccount:shop:caja' };
  expect(open({ headers }).name).toBe('system:serviceaccount:shop:caja');
  expect(() => open({ headers: { ...headers, 'impersonate-group': 'jefes' } })).toThrow(
    'groups "jefes" is forbidden: User "system:serviceaccount:default:robot" cannot impersonate resource "groups"',
  );
  expect(asked.at(-1)).toBe(`${robot.name} groups - jefes`);
  expect(asked[0]).toBe(`${robot.name} serviceaccounts shop caja`);
});

test('nobody is acted as with no groups of their own, and groups without a user are refused', () => {
  const headers = { host, authorization: 'Bearer secret' };
  expect(guard({ headers: { ...headers, 'impersonate-user': 'system:anonymous' } }).groups).toEqual([
    'system:unauthenticated',
  ]);
  expect(() => guard({ path: '/api', headers: { ...headers, 'impersonate-group': 'x' } })).toThrow(
    'Internal Server Error: "/api": requested [{Group  x    }] without impersonating a user',
  );
});
