// The frame of the views: what the cluster is, and one page at a time.
import { h } from '../element.ts';
import { t } from '../l10n.ts';
import { createSpeech } from '../speech.ts';
import { connectAsk, vscode } from './ask.ts';
import { dashboardsPage } from './dashboards/dashboards-page.ts';
import { explainPage } from './explain/explain-page.ts';
import { graphPage } from './graph/graph-page.ts';
import type { Page, PageView } from './page.ts';
import { problemBox } from './problem.ts';
import { tracesPage } from './traces/traces-page.ts';

const app = document.querySelector<HTMLElement>('#app');
const said = document.querySelector<HTMLElement>('#said');
if (!app || !said) throw new Error('The views document has no #app or no #said.');

const pages: readonly Page[] = [graphPage, dashboardsPage, tracesPage, explainPage];

const ask = connectAsk();
const say = createSpeech(said);
const opened = new Map<Page, PageView>();
let current: Page | undefined;

const about = h('p', { class: 'about' });
const main = h('main', { tabindex: -1 });
const tabs = new Map(
  pages.map((page) => [page, h('button', { class: 'tab', type: 'button', onclick: () => turnTo(page) }, page.title)]),
);
app.append(
  h('header', {}, h('h1', {}, 'Malla'), about),
  h('nav', { 'aria-label': t('Vistas') }, ...tabs.values()),
  main,
);
let inFront = true;
document.addEventListener('visibilitychange', showOrHide);
// VS Code hides a panel without its document knowing.
window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (typeof data !== 'object' || data === null || !('visible' in data) || typeof data.visible !== 'boolean') return;
  inFront = data.visible;
  showOrHide();
});
const wanted = keptPage() ?? document.body.dataset.vista;
const first = pages.find((page) => page.id === wanted) ?? pages[0];
if (first) turnTo(first);
void describeCluster();

/** Out of sight nothing is asked and nothing moves. */
function showOrHide(): void {
  const view = current && opened.get(current);
  if (document.hidden || !inFront) view?.hide?.();
  else view?.show?.();
}

function turnTo(page: Page): void {
  if (page === current) return;
  if (current) opened.get(current)?.hide?.();
  current = page;
  const view = opened.get(page) ?? page.open({ ask, say });
  opened.set(page, view);
  for (const [other, tab] of tabs) tab.setAttribute('aria-current', String(other === page));
  document.title = `Malla: ${page.title}`;
  vscode?.setState({ vista: page.id });
  main.replaceChildren(view.element);
  view.show?.();
}

async function describeCluster(): Promise<void> {
  try {
    const { serverVersion, simulated, istio } = await ask('about', {});
    const what = simulated ? t('Clúster embebido: es un simulador') : t('Clúster');
    about.textContent = `${what} · Kubernetes ${serverVersion} · ${istio ? `Istio ${istio}` : t('sin Istio')}`;
  } catch (error) {
    about.replaceWith(problemBox(error));
  }
}

/** The page that was in view before the window was loaded again. */
function keptPage(): unknown {
  const state = vscode?.getState();
  return typeof state === 'object' && state !== null && 'vista' in state ? state.vista : undefined;
}
