// reviews, a Java program on Open Liberty: v1 without stars, v2 with black ones, v3 with red ones.
import type { ContainerContext, HttpReply, HttpRequest, RunningContainer } from '../../contract.ts';
import { json, pathOf, text } from '../replies.ts';
import { propagatedHeaders } from './propagation.ts';

export type ReviewsVersion = 'v1' | 'v2' | 'v3';

interface Stars {
  first: number;
  second: number;
}

/** The image's own environment; the manifest may set it otherwise. */
const IMAGE: Record<ReviewsVersion, { ENABLE_RATINGS: string; STAR_COLOR: string }> = {
  v1: { ENABLE_RATINGS: 'false', STAR_COLOR: 'black' },
  v2: { ENABLE_RATINGS: 'true', STAR_COLOR: 'black' },
  v3: { ENABLE_RATINGS: 'true', STAR_COLOR: 'red' },
};

const TEXTS = [
  'An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!',
  'Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare.',
];

/** What is said of stars that did not come. */
const MISSING = -1;
const HEADERS = { 'x-powered-by': 'Servlet/3.1', 'content-language': 'en-US' };

export function reviews(version: ReviewsVersion): (context: ContainerContext) => RunningContainer {
  return (context) => {
    const env = { ...IMAGE[version], ...context.env };
    const starred = env.ENABLE_RATINGS === 'true';
    for (const line of startLines) context.log(line);
    return { ports: { 9080: answer } };

    async function answer(request: HttpRequest): Promise<HttpReply> {
      const path = pathOf(request);
      if (path === '/health') return json(200, '{"status": "Reviews is healthy"}', HEADERS);
      const id = /^\/reviews\/([^/]+)$/.exec(path)?.[1];
      if (id === undefined) return text(404, `SRVE0190E: File not found: ${path}\n`, HEADERS);
      if (!/^\d+$/.test(id)) return text(404, `SRVE0190E: File not found: ${path}\n`, HEADERS);
      const stars = starred ? await fetchStars(context, env, id, request) : undefined;
      return json(200, page(id, context.env, stars, env.STAR_COLOR), HEADERS);
    }
  };
}

const startLines = [
  'Launching defaultServer (Open Liberty) on Eclipse OpenJ9 VM',
  '[AUDIT   ] CWWKE0001I: The server defaultServer has been launched.',
  '[AUDIT   ] CWWKT0016I: Web application available (default_host): http://0.0.0.0:9080/',
  '[AUDIT   ] CWWKF0011I: The defaultServer server is ready to run a smarter planet.',
];

/** The red version is impatient: 2.5 seconds, where the black one waits 10. */
async function fetchStars(
  { call }: ContainerContext,
  env: Record<string, string>,
  id: string,
  request: HttpRequest,
): Promise<Stars> {
  const domain = env.SERVICES_DOMAIN ? `.${env.SERVICES_DOMAIN}` : '';
  const authority = `${env.RATINGS_HOSTNAME ?? 'ratings'}${domain}:${env.RATINGS_SERVICE_PORT ?? '9080'}`;
  const patience = env.STAR_COLOR === 'black' ? 10_000 : 2_500;
  try {
    const headers = propagatedHeaders(request);
    const reply = await call({ method: 'GET', path: `/ratings/${id}`, authority, headers }, patience);
    if (reply.status !== 200) return { first: MISSING, second: MISSING };
    const { ratings } = JSON.parse(String(reply.body)) as { ratings?: { Reviewer1?: number; Reviewer2?: number } };
    return { first: ratings?.Reviewer1 ?? MISSING, second: ratings?.Reviewer2 ?? MISSING };
  } catch {
    return { first: MISSING, second: MISSING };
  }
}

/** Spaced as the program spaces it. */
function page(id: string, env: Record<string, string>, stars: Stars | undefined, color: string): string {
  const given = stars && [stars.first, stars.second];
  const list = TEXTS.map((review, index) => {
    const rating = given ? `, "rating": ${ratingOf(given[index] ?? MISSING, color)}` : '';
    return `{  "reviewer": "Reviewer${index + 1}",  "text": ${JSON.stringify(review)}${rating}}`;
  });
  const pod = env.HOSTNAME ?? '';
  return `{"id": "${id}","podname": "${pod}","clustername": "${env.CLUSTER_NAME ?? 'null'}","reviews": [${list.join(',')}]}`;
}

function ratingOf(stars: number, color: string): string {
  if (stars === MISSING) return '{"error": "Ratings service is currently unavailable"}';
  return `{"stars": ${stars}, "color": "${color}"}`;
}
