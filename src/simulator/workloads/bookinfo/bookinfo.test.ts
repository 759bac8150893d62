import { beforeEach, expect, test } from 'vitest';
import { pod, service, subsets, virtualService } from '../../../mesh/fixtures.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import type { HttpReply, HttpRequest } from '../../contract.ts';
import { createFakeCluster, type FakeCluster, istiod, meshConfig } from '../../dataplane/fixtures/small-cluster.ts';

const VERSIONS: [app: string, version: string][] = [
  ['details', 'v1'],
  ['ratings', 'v1'],
  ['reviews', 'v1'],
  ['reviews', 'v2'],
  ['reviews', 'v3'],
  ['productpage', 'v1'],
];

const PLAY = '"text": "An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!"';

let cluster: FakeCluster;
let pods: Map<string, KubeObject>;
const curl = pod('curl', { app: 'curl' });

beforeEach(() => {
  cluster = createFakeCluster();
  pods = new Map();
  cluster.run(istiod(), 'curl');
  cluster.run(curl, 'curl');
  for (const app of ['details', 'ratings', 'reviews', 'productpage']) cluster.put(service(app, 9080));
  for (const [app, version] of VERSIONS) {
    const own = pod(`${app}-${version}-abc`, { app, version });
    pods.set(`${app}-${version}`, own);
    cluster.run(own, `docker.io/istio/examples-bookinfo-${app}-${version}:1.20.3`);
  }
  reviewsFrom('v1');
});

function reviewsFrom(version: string, extra: unknown[] = []) {
  const http = [...extra, { route: [{ destination: { host: 'reviews', subset: version } }] }];
  cluster.put(subsets('reviews', 'v1', 'v2', 'v3'), virtualService('reviews', { hosts: ['reviews'], http }));
  cluster.clock.settle();
}

const ask = (url: string, options: Partial<HttpRequest> = {}) => cluster.call(curl, `http://${url}`, options);
const bodyOf = async (url: string) => (await ask(url)).body;
const page = (options: Partial<HttpRequest> = {}) => ask('productpage:9080/productpage', options);

/** Lets programs get to where they wait for time, then passes it, second by second. */
async function passing<T>(seconds: number, result: Promise<T>): Promise<T> {
  for (let i = 0; i < seconds * 2; i++) {
    await new Promise(setImmediate);
    cluster.clock.advance(500);
  }
  return result;
}

function kill(name: string) {
  const dead = pods.get(name);
  if (!dead) throw new Error(name);
  cluster.kill(dead);
  cluster.remove(dead);
  cluster.clock.settle();
}

test('details and ratings answer with their official bodies', async () => {
  expect(await bodyOf('details:9080/details/0')).toBe(
    '{"id":0,"author":"William Shakespeare","year":1595,"type":"paperback","pages":200,"publisher":"PublisherA","language":"English","ISBN-10":"1234567890","ISBN-13":"123-1234567890"}',
  );
  expect(await ask('details:9080/details/abc')).toMatchObject({
    status: 400,
    body: '{"error":"please provide numeric product id"}',
  });
  expect(await bodyOf('details:9080/health')).toBe('{"status":"Details is healthy"}');
  expect(await bodyOf('ratings:9080/ratings/0')).toBe('{"id":0,"ratings":{"Reviewer1":5,"Reviewer2":4}}');
  expect(await ask('ratings:9080/ratings/x')).toMatchObject({
    status: 400,
    body: '{"error":"please provide numeric product ID"}',
  });
  expect(await bodyOf('ratings:9080/health')).toBe('{"status":"Ratings is healthy"}');
});

test('posted ratings replace those in memory', async () => {
  const body = '{"Reviewer1":1,"Reviewer2":2}';
  expect((await ask('ratings:9080/ratings/0', { method: 'POST', body })).body).toBe(`{"id":0,"ratings":${body}}`);
  expect(await bodyOf('ratings:9080/ratings/0')).toBe(`{"id":0,"ratings":${body}}`);
  expect(await ask('ratings:9080/ratings/0', { method: 'POST', body: 'x' })).toMatchObject({ status: 400 });
});

test('reviews: v1 has no ratings, v2 black ones, v3 red ones; the text is spaced as the program spaces it', async () => {
  expect(await bodyOf('reviews:9080/reviews/0')).toContain(
    `{"id": "0","podname": "reviews-v1-abc","clustername": "null","reviews": [{  "reviewer": "Reviewer1",  ${PLAY}},{  "reviewer": "Reviewer2",`,
  );
  reviewsFrom('v2');
  expect(await bodyOf('reviews:9080/reviews/0')).toContain(`${PLAY}, "rating": {"stars": 5, "color": "black"}},{`);
  reviewsFrom('v3');
  expect(await bodyOf('reviews:9080/reviews/0')).toContain('"rating": {"stars": 4, "color": "red"}}]}');
  expect(await bodyOf('reviews:9080/health')).toBe('{"status": "Reviews is healthy"}');
});

test('reviews without ratings answer 200 and say so', async () => {
  reviewsFrom('v2');
  kill('ratings-v1');
  const reply = await ask('reviews:9080/reviews/0');
  expect(reply.status).toBe(200);
  expect(String(reply.body).match(/"rating": \{"error": "Ratings service is currently unavailable"\}/g)).toHaveLength(
    2,
  );
});

test('the page has every official marker', async () => {
  const { status, headers, body } = await page();
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', vary: 'Cookie' });
  for (const text of [
    '<title>Simple Bookstore App</title>',
    'The Comedy of Errors',
    'Book Details',
    'Book Reviews',
    'id="sign-in-button"',
    '1234567890',
    'Wikipedia Summary',
  ]) {
    expect(body).toContain(text);
  }
  expect(String(body).match(/Reviews served by:\s+reviews-v1-abc/g)).toHaveLength(2);
  expect(body).not.toContain('glyphicon-star');
  expect(body).not.toContain('on cluster');
});

test('stars: nine of them, black in v2 and red in v3', async () => {
  for (const [version, color, other] of [
    ['v2', 'black', 'red'],
    ['v3', 'red', 'black'],
  ] as const) {
    reviewsFrom(version);
    const body = String((await page()).body);
    expect(body.match(/<svg id="glyphicon glyphicon-star"/g)).toHaveLength(9);
    expect(body).toContain(`flex gap-x-1 text-${color}-500`);
    expect(body).not.toContain(`gap-x-1 text-${other}-500`);
  }
});

test('the page answers 200 whatever fails, and says what', async () => {
  kill('details-v1');
  expect(String((await page()).body)).toContain('Error fetching product details');
  for (const version of ['v1', 'v2', 'v3']) kill(`reviews-${version}`);
  const { status, body } = await page();
  expect(status).toBe(200);
  expect(body).toContain('Error fetching product reviews');
  expect(body).toContain('Sorry, product reviews are currently unavailable for this book.');
});

test('the JSON API spaces as Python does and hands on the status of a failure', async () => {
  expect(await bodyOf('productpage:9080/api/v1/products')).toMatch(
    /^\[\{"id": 0, "title": "The Comedy of Errors", "descriptionHtml": "<a href=\\"/,
  );
  expect(await bodyOf('productpage:9080/api/v1/products/0')).toMatch(
    /^\{"id": 0, "author": "William Shakespeare", "year": 1595,/,
  );
  expect(await bodyOf('productpage:9080/api/v1/products/0/reviews')).toMatch(
    /^\{"id": "0", "podname": "reviews-v1-abc", "clustername": "null", "reviews": \[/,
  );
  expect(await bodyOf('productpage:9080/api/v1/products/0/ratings')).toBe(
    '{"id": 0, "ratings": {"Reviewer1": 5, "Reviewer2": 4}}',
  );
  expect(await ask('productpage:9080/api/v1/products/abc')).toMatchObject({
    status: 400,
    body: '{"error": "Sorry, product details are currently unavailable for this book."}',
  });
  kill('ratings-v1');
  expect(await ask('productpage:9080/api/v1/products/0/ratings')).toMatchObject({ status: 503 });
});

async function login(user: string): Promise<string> {
  const reply = await ask('productpage:9080/login', {
    method: 'POST',
    body: `username=${encodeURIComponent(user)}&passwd=x`,
    headers: { referer: 'http://shop/productpage' },
  });
  expect(reply).toMatchObject({ status: 302, headers: { location: 'http://shop/productpage' } });
  return reply.headers['set-cookie']?.split(';')[0] ?? '';
}

test('who logs in is named on the page, and may leave again', async () => {
  const cookie = await login('<jason>');
  const body = String((await page({ headers: { cookie } })).body);
  expect(body).toContain('&lt;jason&gt;');
  expect(body).toContain('Sign out');
  expect(body).not.toContain('sign-in-button');
  const out = await ask('productpage:9080/logout', { headers: { cookie, referer: 'http://shop/' } });
  expect(out).toMatchObject({ status: 302, headers: { 'set-cookie': expect.stringContaining('session=;') } });
  expect(await ask('productpage:9080/login', { method: 'POST', body: 'username=x' })).toMatchObject({ status: 500 });
});

test('a session that the program did not sign is nobody’s', async () => {
  const [payload = '', time = ''] = (await login('ana')).split('=')[1]?.split('.') ?? [];
  for (const cookie of [`session=${payload}.${time}.forged`, 'session=x', `session=${payload}`]) {
    expect((await page({ headers: { cookie } })).body).toContain('sign-in-button');
  }
});

test('end-user comes from the session alone: a header of that name goes no further than productpage', async () => {
  reviewsFrom('v1', [
    {
      match: [{ headers: { 'end-user': { exact: 'jason' } } }],
      route: [{ destination: { host: 'reviews', subset: 'v2' } }],
    },
  ]);
  expect((await page({ headers: { 'end-user': 'jason' } })).body).toContain('reviews-v1-abc');
  expect((await page({ headers: { cookie: await login('jason') } })).body).toContain('reviews-v2-abc');
  expect((await page({ headers: { cookie: await login('ana') } })).body).toContain('reviews-v1-abc');
  expect((await ask('reviews:9080/reviews/0', { headers: { 'end-user': 'jason' } })).body).toContain('reviews-v2-abc');
});

test('the request id is the same on every hop', async () => {
  cluster.put(meshConfig());
  reviewsFrom('v2');
  await page();
  const lines = [...pods.values()].flatMap((own) => cluster.accessLog(own));
  // productpage in, details out and in, reviews out and in, ratings out and in.
  expect(lines).toHaveLength(7);
  const ids = lines.map((line) => /"([0-9a-f]{8}-[0-9a-f-]+)"/.exec(line)?.[1]);
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toBeDefined();
});

/** ratings that answer after some seconds, as a fault would make them. */
function slowRatings(seconds: number) {
  const slow = pod('ratings-slow', { app: 'ratings', version: 'slow' });
  kill('ratings-v1');
  cluster.run(slow, ({ clock }) => ({
    ports: {
      9080: () =>
        new Promise<HttpReply>((resolve) => {
          const body = '{"id":0,"ratings":{"Reviewer1":5,"Reviewer2":4}}';
          clock.after(seconds * 1000, () => resolve({ status: 200, headers: {}, body }));
        }),
    },
  }));
  cluster.clock.settle();
}

test('ratings 7 s late: with v2 the page loses its reviews after two tries of 3 s', async () => {
  reviewsFrom('v2');
  slowRatings(7);
  const started = cluster.clock.now();
  let took = 0;
  const asked = page().then((reply) => {
    took = cluster.clock.now() - started;
    return reply;
  });
  const { status, body } = await passing(8, asked);
  expect(status).toBe(200);
  expect(body).toContain('Error fetching product reviews');
  expect(took).toBe(6_000);
});

test('ratings 7 s late: v3 gives up after 2.5 s and the page shows reviews without stars', async () => {
  reviewsFrom('v3');
  slowRatings(7);
  const body = String((await passing(4, page())).body);
  expect(body.match(/Ratings service is currently unavailable/g)).toHaveLength(2);
  expect(body).toContain('reviews-v3-abc');
});

test('ratings 2 s late: v2 waits for them', async () => {
  reviewsFrom('v2');
  slowRatings(2);
  expect((await passing(4, page())).body).toContain('gap-x-1 text-black-500');
});

test('/, /health, /metrics and a path that is not there', async () => {
  await page();
  expect(await bodyOf('productpage:9080/health')).toBe('Product page is healthy');
  expect(await bodyOf('productpage:9080/')).toContain('simple bookstore application');
  expect(await bodyOf('productpage:9080/metrics')).toContain(
    'request_result_total{destination_app="details",response_code="200"} 1.0',
  );
  expect(await ask('productpage:9080/nosuch')).toMatchObject({ status: 404 });
});
