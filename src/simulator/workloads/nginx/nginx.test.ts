import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { CallError, type ContainerContext, type HttpReply, type HttpRequest } from '../../contract.ts';
import { createFakeClock } from '../../controllers/fixtures/fake-clock.ts';
import { nginx } from './nginx.ts';

interface Options {
  /** Text of /etc/nginx/conf.d/default.conf. Undefined: as the image comes. */
  conf?: string;
  services?: string[];
  call?: (request: HttpRequest) => HttpReply;
}

const configMap = (data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'conf', namespace: 'default' },
  data,
});

function start({ conf, services = ['hello-v1', 'hello-v2'], call }: Options = {}) {
  const logs: string[] = [];
  const asked: HttpRequest[] = [];
  const exits: number[] = [];
  const mounted = conf !== undefined;
  const context: ContainerContext = {
    pod: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'nginx-1', namespace: 'default' },
      spec: {
        volumes: mounted ? [{ name: 'v', configMap: { name: 'conf' } }] : [],
        containers: [{ name: 'nginx', volumeMounts: mounted ? [{ name: 'v', mountPath: '/etc/nginx/conf.d' }] : [] }],
      },
    },
    containerName: 'nginx',
    image: 'docker.io/library/nginx:1.28',
    env: { HOSTNAME: 'nginx-1' },
    clock: createFakeClock(),
    random: () => 0,
    log: (line) => void logs.push(line),
    exit: (code) => void exits.push(code),
    async call(request) {
      asked.push(request);
      return call ? call(request) : { status: 200, headers: { server: 'envoy', 'x-a': 'b' }, body: 'hola' };
    },
    api: {
      get: (plural: string, _namespace: string | undefined, name: string) =>
        plural === 'configmaps'
          ? configMap({ 'default.conf': conf ?? '' })
          : services.includes(name)
            ? { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { clusterIP: '10.96.0.7' } }
            : undefined,
      list: () => [],
    } as unknown as NonNullable<ContainerContext['api']>,
  };
  const { ports } = nginx(context);
  const get = (path: string, more: Partial<HttpRequest> = {}, port = 80) => {
    const handler = ports[port];
    if (!handler) throw new Error(`nothing on ${port}`);
    return Promise.resolve(handler({ method: 'GET', path, authority: 'web', headers: {}, ...more }));
  };
  return { logs, asked, exits, ports: Object.keys(ports).map(Number), get };
}

const server = (inside: string, listen = 'listen 80;') => `server { ${listen}\n${inside}\n}`;
const emerg = (conf: string, services?: string[]) => {
  const { logs, exits, ports } = start({ conf, ...(services && { services }) });
  expect([exits, ports]).toEqual([[1], []]);
  return logs.at(-1);
};

test('as its image comes it welcomes, and has nothing else', async () => {
  const { get, logs } = start();
  expect(await get('/')).toMatchObject({
    status: 200,
    headers: { server: 'nginx/1.28', 'content-type': 'text/html' },
    body: expect.stringContaining('Welcome to nginx!'),
  });
  expect(await get('/nosuch')).toMatchObject({ status: 404, body: expect.stringContaining('404 Not Found') });
  expect((await get('/', { method: 'POST' })).status).toBe(405);
  expect(logs.at(-1)).toMatch(/^127\.0\.0\.6 - - \[\d\d\/\w+\/\d{4}:.*\] "POST \/ HTTP\/1\.1" 405 \d+ "-" "-" "-"$/);
});

test('proxy_pass without a path sends the request as it came, HTTP/1.0 and the name of the upstream unless told', async () => {
  const { get, asked } = start({ conf: server('location /v1 { proxy_pass http://hello-v1:8080; }') });
  const reply = await get('/v1/x?y=1', { headers: { 'x-request-id': 'a', connection: 'keep-alive' } });
  expect(reply).toMatchObject({ status: 200, body: 'hola', headers: { 'x-a': 'b', server: 'nginx/1.28' } });
  expect(asked).toEqual([
    {
      method: 'GET',
      path: '/v1/x?y=1',
      authority: 'hello-v1:8080',
      headers: { 'x-request-id': 'a' },
      version: 'HTTP/1.0',
      connectTo: 'hello-v1:8080',
    },
  ]);
});

test('a path in proxy_pass takes the place of what the location matched', async () => {
  const { get, asked } = start({ conf: server('location /v1/ { proxy_pass http://hello-v1/api/; }') });
  await get('/v1/x?y=1');
  expect(asked[0]?.path).toBe('/api/x?y=1');
});

test('version and headers as the configuration says; what a location sets replaces what its server sets', async () => {
  const { get, asked } = start({
    conf: server(`
      proxy_http_version 1.1;
      proxy_set_header X-Server yes;
      location /a { proxy_pass http://hello-v1; }
      location /b {
        proxy_pass http://hello-v1;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header Accept "";
        proxy_set_header Connection "";
      }`),
  });
  await get('/a', { headers: { accept: '*/*' } });
  await get('/b', { authority: 'Hola.example:8080', headers: { accept: '*/*', 'x-forwarded-for': '1.2.3.4' } });
  expect(asked[0]).toMatchObject({ authority: 'hello-v1', headers: { 'x-server': 'yes', accept: '*/*' } });
  expect(asked[0]).not.toHaveProperty('version');
  expect(asked[1]).toMatchObject({
    authority: 'hola.example',
    connectTo: 'hello-v1:80',
    headers: { 'x-forwarded-for': '1.2.3.4, 127.0.0.6' },
  });
  expect(asked[1]?.headers).not.toHaveProperty('accept');
  expect(asked[1]?.headers).not.toHaveProperty('x-server');
});

test('the location is the exact one, a prefix that ends the search, an expression, or the longest prefix', async () => {
  const say = (what: string) => `{ return 200 "${what}"; }`;
  const { get } = start({
    conf: server(`
      location / ${say('root')}
      location /images/ ${say('images')}
      location /images/big/ ${say('big')}
      location ^~ /static/ ${say('static')}
      location = /exact ${say('exact')}
      location ~ \\.png$ ${say('png')}
      location ~* \\.JPG$ ${say('jpg')}`),
  });
  const at = async (path: string) => (await get(path)).body;
  expect(await Promise.all(['/x', '/images/a', '/images/big/a', '/static/a.png', '/exact', '/exact/'].map(at))).toEqual(
    ['root', 'images', 'big', 'static', 'exact', 'root'],
  );
  expect(await Promise.all(['/images/a.png', '/a.jpg', '/a.PNG'].map(at))).toEqual(['png', 'jpg', 'root']);
});

test('the server is chosen by port and by the name in Host', async () => {
  const named = (name: string, say: string, listen = 'listen 80;') =>
    server(`server_name ${name}; location / { return 200 ${say}; }`, listen);
  const { get, ports } = start({
    conf: [
      named('a.example', 'a'),
      named('*.b.example', 'b'),
      named('~^c[0-9]', 'c'),
      named('_', 'rest', 'listen 80 default_server;'),
      named('_', 'other', 'listen 8080;'),
    ].join('\n'),
  });
  expect(ports).toEqual([80, 8080]);
  const by = async (authority: string, port = 80) => (await get('/', { authority }, port)).body;
  expect(await Promise.all(['a.example', 'x.b.example:80', 'c7', 'z'].map((name) => by(name)))).toEqual([
    'a',
    'b',
    'c',
    'rest',
  ]);
  expect(await by('a.example', 8080)).toBe('other');
});

test('return gives a status, a text or a redirection, with variables', async () => {
  const { get } = start({
    conf: server(`
      default_type text/plain;
      location /text { return 200 'soy $hostname\\n'; add_header X-One $request_uri; }
      location /sick { return 500; add_header X-One 1; add_header X-Two 2 always; }
      location /away { return 301 https://$host$request_uri; }`),
  });
  expect(await get('/text?a=1')).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/plain', 'x-one': '/text?a=1' },
    body: expect.stringMatching(/^soy nginx-1/),
  });
  const sick = await get('/sick');
  expect([sick.status, sick.headers['x-one'], sick.headers['x-two']]).toEqual([500, undefined, '2']);
  expect(await get('/away?q', { authority: 'a.example' })).toMatchObject({
    status: 301,
    headers: { location: 'https://a.example/away?q' },
  });
});

test('an upstream shares requests out by weight', async () => {
  const { get, asked } = start({
    conf: `upstream hello { server hello-v1:80 weight=2; server hello-v2:80; }\n${server('location / { proxy_pass http://hello; }')}`,
  });
  for (let i = 0; i < 6; i++) await get('/');
  expect(asked.map((r) => r.connectTo).filter((to) => to === 'hello-v1:80')).toHaveLength(4);
  expect(asked[0]?.authority).toBe('hello');
});

test('an upstream that cannot be reached is 502 with the reason in the log, one too slow 504', async () => {
  const conf = server('location / { proxy_pass http://hello-v1; }');
  const failing = (failure: 'refused' | 'timeout') =>
    start({
      conf,
      call: () => {
        throw new CallError(failure, 'no');
      },
    });
  const refused = failing('refused');
  expect(await refused.get('/')).toMatchObject({ status: 502, body: expect.stringContaining('502 Bad Gateway') });
  expect(refused.logs.join('\n')).toContain('connect() failed (111: Connection refused) while connecting to upstream');
  expect((await failing('timeout').get('/')).status).toBe(504);
});

test('a name that is gone since the start is asked at the address that it had', async () => {
  const { get, asked } = start({
    conf: server('location / { proxy_pass http://hello-v1; }'),
    call: ({ connectTo }) => {
      if (connectTo === 'hello-v1:80') throw new CallError('dns', 'no such name');
      return { status: 200, headers: {}, body: '' };
    },
  });
  expect((await get('/')).status).toBe(200);
  expect(asked[1]?.connectTo).toBe('10.96.0.7:80');
});

test('an upstream that answers with an error hands it on', async () => {
  const { get } = start({
    conf: server('location / { proxy_pass http://hello-v1; }'),
    call: () => ({ status: 503, headers: { server: 'envoy' }, body: 'no healthy upstream' }),
  });
  expect(await get('/')).toMatchObject({ status: 503, body: 'no healthy upstream' });
});

test.each([
  [
    'a directive that nobody knows',
    server('location / { proxi_pass http://hello-v1; }'),
    'unknown directive "proxi_pass" in /etc/nginx/conf.d/default.conf:2',
  ],
  [
    'a missing end',
    server('location / { proxy_pass http://hello-v1 }'),
    'unexpected "}" in /etc/nginx/conf.d/default.conf:2',
  ],
  [
    'a missing end between two',
    server('location / { proxy_pass http://hello-v1\nproxy_http_version 1.1; }'),
    'invalid number of arguments in "proxy_pass" directive in /etc/nginx/conf.d/default.conf:3',
  ],
  [
    'an open block',
    'server { listen 80;',
    'unexpected end of file, expecting "" or "}" in /etc/nginx/conf.d/default.conf:1',
  ],
  [
    'a flag that is neither on nor off',
    server('proxy_pass_request_headers no;'),
    'invalid value "no" in "proxy_pass_request_headers" directive, it must be "on" or "off" in /etc/nginx/conf.d/default.conf:2',
  ],
  ['a block too many', `${server('')} }`, 'unexpected "}" in /etc/nginx/conf.d/default.conf:3'],
  [
    'an upstream without scheme',
    server('location / { proxy_pass hello-v1; }'),
    'invalid URL prefix in /etc/nginx/conf.d/default.conf:2',
  ],
  [
    'a Service that is not there',
    server('location / { proxy_pass http://nobody:80; }'),
    'host not found in upstream "nobody" in /etc/nginx/conf.d/default.conf:2',
  ],
  [
    'a variable that nobody knows',
    server('return 200 $nosuch;'),
    'unknown "nosuch" variable in /etc/nginx/conf.d/default.conf:2',
  ],
  [
    'a port that is none',
    server('', 'listen 99999;'),
    'invalid port in "99999" of the "listen" directive in /etc/nginx/conf.d/default.conf:1',
  ],
])("%s stops it, with nginx's words", (_what, conf, message) => {
  expect(emerg(conf)).toBe(`nginx: [emerg] ${message}`);
});

test('a Service is known by its short and its long names, and what is outside the cluster is not asked for', () => {
  for (const host of [
    'hello-v1',
    'hello-v1.default',
    'hello-v1.default.svc.cluster.local',
    'www.example.com',
    '10.0.0.1',
  ])
    expect(start({ conf: server(`location / { proxy_pass http://${host}; }`) }).exits).toEqual([]);
});

test('what is not simulated is said in the log', () => {
  const { logs, ports } = start({ conf: server('location / { rewrite ^ /x; return 200; }') });
  expect(ports).toEqual([80]);
  expect(logs).toContain('malla: the directive "rewrite" is not simulated');
});

test('hostile configurations end', () => {
  expect(emerg('a{'.repeat(2_000))).toContain('[emerg]');
  expect(emerg(`events {} ${'x '.repeat(100_000)}`)).toContain('[emerg]');
  expect(emerg('include /etc/nginx/conf.d/default.conf;')).toContain('too many included files');
});

test('proxy_pass_request_headers off keeps back all the headers that are not set by name', async () => {
  const { get, asked } = start({
    conf: server(`
      proxy_pass_request_headers off;
      location / {
        proxy_pass http://hello-v1;
        proxy_set_header traceparent $http_traceparent;
      }`),
  });
  await get('/', { headers: { traceparent: '00-a-b-01', 'x-request-id': 'one', accept: '*/*' } });
  expect(asked[0]?.headers).toEqual({ traceparent: '00-a-b-01' });
});
