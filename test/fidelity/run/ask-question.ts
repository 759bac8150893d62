// Asks one question and gives what was seen, before the logs are read.
import type {
  Ask,
  Behaviour,
  BurstAsk,
  Caller,
  Observation,
  RequestAsk,
  SequenceAsk,
  SharesAsk,
  ShellAsk,
} from '../behaviour.ts';
import { type Facts, fill } from './fill.ts';
import { readAnswer, writeOut } from './http-answer.ts';
import { normalise } from './normalise.ts';
import type { Outcome, Tools } from './tools.ts';

export interface Asking {
  tools: Tools;
  facts: Facts;
  /** Marks a request in the access logs. */
  agent: string;
}

/** The curl programs inside the cluster: which pod, which container. */
const pods = {
  mesh: ['deploy/curl', '-c', 'curl'],
  plain: ['-n', 'legacy', 'deploy/curl', '-c', 'curl'],
  'curl-proxy': ['deploy/curl', '-c', 'istio-proxy'],
  'httpbin-proxy': ['deploy/httpbin', '-c', 'istio-proxy'],
  'fid-client': ['deploy/fid-client', '-c', 'curl'],
  'fid-client-proxy': ['deploy/fid-client', '-c', 'istio-proxy'],
};

/** Empty reply, reset while reading or while writing: which of them curl notices depends on how far it had come. */
const cutOff = new Set([52, 55, 56]);

/** These change with each answer. */
const passing = new Set(['date', 'x-envoy-upstream-service-time']);
/** The reviews of the real cluster are a stand-in in Go: a servlet container's own headers say nothing of the mesh. */
const ofTheApp = new Set(['content-language', 'x-powered-by']);

export async function askQuestion({ ask }: Behaviour, asking: Asking): Promise<Observation> {
  switch (ask.kind) {
    case 'request':
      return askRequest(ask, asking);
    case 'shares':
      return askShares(ask, asking);
    case 'burst':
      return askBurst(ask, asking);
    case 'sequence':
      return askSequence(ask, asking);
    case 'shell':
      return askShell(ask, asking);
    case 'apply':
      return askApply(ask.manifest, asking);
    case 'analyze':
      return askAnalyze(ask.about, asking);
    case 'kubectl':
      return said(await asking.tools.kubectl(filled(ask.args, asking)), asking);
  }
}

async function askRequest(ask: RequestAsk, asking: Asking): Promise<Observation> {
  const session = ask.login ? await logIn(ask.login, asking) : [];
  const options = ['-sS', '-i', '-m', '25', '-A', asking.agent, '-w', writeOut];
  const outcome = await curl(ask.from, [...options, ...session, ...(ask.args ?? []), ask.url], asking);
  const answer = readAnswer(outcome.stdout);
  const clean = (text: string) => normalise(text, entries(asking.facts));
  const body = clean(answer.body);
  return {
    kind: 'request',
    exit: cutOff.has(outcome.code) ? 56 : outcome.code,
    status: answer.status,
    headers: headersOf(ask, answer.headers, body === answer.body, clean),
    body: bodyOf(ask, body),
    ...(ask.timed ? { ms: answer.ms } : {}),
    logs: {},
  };
}

/** As the page's form does. The argument with the session's cookie. */
async function logIn(user: string, { tools, facts }: Asking): Promise<string[]> {
  const entry = facts.entry ?? '';
  const form = ['-d', `username=${user}&passwd=x`, '-e', `${entry}/productpage`];
  const { stdout } = await tools.curl(['-s', '-i', ...form, `${entry}/login`]);
  const cookie = readAnswer(stdout).headers['set-cookie']?.split(';')[0];
  return cookie ? ['-b', cookie] : [];
}

function headersOf(
  ask: RequestAsk,
  headers: Record<string, string>,
  bodyIsStable: boolean,
  clean: (text: string) => string,
): Record<string, string> {
  const seen = Object.entries(headers).filter(
    ([name]) => !ofTheApp.has(name) && (!ask.headers || ask.headers.includes(name)),
  );
  return Object.fromEntries(
    seen
      .map(([name, value]): [string, string] => {
        const varies = passing.has(name) || (name === 'content-length' && (!bodyIsStable || ask.noBody || ask.marks));
        return [name, varies ? '*' : clean(value)];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function bodyOf(ask: RequestAsk, body: string): string {
  if (ask.noBody) return '';
  if (ask.marks) return ask.marks.filter((mark) => body.includes(mark)).join('\n');
  return body;
}

async function askShares(ask: SharesAsk, asking: Asking): Promise<Observation> {
  const counts: Record<string, number> = {};
  const pattern = new RegExp(ask.of, 'g');
  // One curl with many addresses: every request is balanced for itself.
  const batch = 60;
  for (let left = ask.count; left > 0; left -= batch) {
    const urls = Array.from({ length: Math.min(left, batch) }, () => ask.url);
    const options = ['-sS', '-m', '60', '-A', asking.agent, '-w', '~%{http_code}~\\n'];
    const { stdout } = await curl(ask.from, [...options, ...(ask.args ?? []), ...urls], asking);
    for (const [found] of stdout.matchAll(pattern)) counts[found] = (counts[found] ?? 0) + 1;
  }
  return { kind: 'shares', counts };
}

async function askBurst(ask: BurstAsk, asking: Asking): Promise<Observation> {
  const options = ['-sS', '-i', '-m', '25', '-A', asking.agent, '-w', writeOut];
  const outcomes = await Promise.all(
    Array.from({ length: ask.count }, () => curl(ask.from ?? 'mesh', [...options, ask.url], asking)),
  );
  const seen = outcomes.map(({ stdout }) => {
    const { status, headers, body } = readAnswer(stdout);
    const overloaded = headers['x-envoy-overloaded'] === undefined ? '' : ' x-envoy-overloaded';
    return `${status}${overloaded} ${status === 200 ? '' : body}`.trim();
  });
  return { kind: 'text', exit: 0, text: [...new Set(seen)].sort().join('\n') };
}

async function askSequence(ask: SequenceAsk, asking: Asking): Promise<Observation> {
  const values: string[] = [];
  for (const { url, args = [], pause } of ask.requests) {
    if (pause) await new Promise((wake) => setTimeout(wake, pause));
    const options = ['-sS', '-m', '25', '-A', asking.agent, '-w', writeOut];
    const outcome = await curl(ask.from, [...options, ...args, url], asking);
    const { status, body } = readAnswer(outcome.stdout);
    const found = ask.of ? (new RegExp(ask.of).exec(body)?.[0] ?? '-') : '';
    values.push(normalise(`${outcome.code || status} ${found}`.trim()));
  }
  const set = [...new Set(values)].sort();
  const text = ask.see === 'list' ? values.join('\n') : ask.see === 'set' ? set.join('\n') : String(set.length);
  return { kind: 'text', exit: 0, text };
}

async function askShell(ask: ShellAsk, asking: Asking): Promise<Observation> {
  const script = fill(ask.script, asking.facts).replaceAll('$AGENT', asking.agent);
  const outcome = await asking.tools.kubectl(['exec', ...pods[ask.from], '--', 'sh', '-c', script]);
  const seen = said(outcome, asking);
  if (!ask.of || seen.kind !== 'text') return seen;
  return { ...seen, text: [...seen.text.matchAll(new RegExp(ask.of, 'g'))].map(([found]) => found).join('\n') };
}

async function askApply(manifest: string, asking: Asking): Promise<Observation> {
  const text = fill(manifest, asking.facts);
  const outcome = await asking.tools.kubectl(['apply', '-f', '-'], text);
  if (outcome.code === 0) await asking.tools.kubectl(['delete', '--ignore-not-found', '-f', '-'], text);
  return said(outcome, asking);
}

async function askAnalyze(about: string, asking: Asking): Promise<Observation> {
  const { stdout, stderr } = await asking.tools.istioctl(['analyze', '-n', 'default', '-o', 'json']);
  const messages: { code?: string; level?: string; origin?: string }[] = JSON.parse(stdout.trim() || '[]');
  const seen = messages
    .filter((m) => m.origin?.includes(about))
    .map((m) => `${m.level} ${m.code} ${m.origin}`)
    .sort();
  return { kind: 'text', exit: 0, text: seen.join('\n') + (stdout.trim() ? '' : stderr) };
}

function said({ code, stdout, stderr }: Outcome, { facts }: Asking): Observation {
  return { kind: 'text', exit: code, text: normalise(`${stdout}${stderr}`.trim(), entries(facts)) };
}

function curl(from: Caller, args: string[], asking: Asking): Promise<Outcome> {
  const whole = filled(args, asking);
  if (from === 'outside') return asking.tools.curl(whole);
  return asking.tools.kubectl(['exec', ...pods[from], '--', 'curl', ...whole]);
}

function filled(args: string[], { facts }: Asking): string[] {
  return args.map((arg) => fill(arg, facts));
}

function entries(facts: Facts): string[] {
  return [facts.entry ?? '', facts.https ?? ''].flatMap((e) => (e ? [e.replace(/^https?:\/\//, '')] : []));
}

export function placesOf(ask: Ask) {
  return ask.kind === 'request' ? (ask.logs ?? []) : [];
}
