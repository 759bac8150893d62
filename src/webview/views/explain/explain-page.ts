// One request explained: a form on the left, on the right each decision with its line of YAML.
import type { ExplainChoices, ExplainQuestion } from '../../../views/explain/explained-request.ts';
import { h } from '../../element.ts';
import { t } from '../../l10n.ts';
import type { Page, PageContext, PageView } from '../page.ts';
import { problemBox } from '../problem.ts';
import { comparison } from './comparison.ts';
import { explanation } from './explanation.ts';

export const explainPage: Page = { id: 'peticion', title: t('Una petición'), open };

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];

function open({ ask, say }: PageContext): PageView {
  const client = h('select', { id: 'cliente', required: true });
  const host = h('input', { id: 'host', value: '*', list: 'hosts', required: true, autocomplete: 'off' });
  const hosts = h('datalist', { id: 'hosts' });
  const port = h('input', { id: 'puerto', type: 'number', min: 1, max: 65535, value: 80, required: true });
  const method = h('select', { id: 'metodo' }, ...METHODS.map((m) => h('option', {}, m)));
  const path = h('input', { id: 'ruta', value: '/productpage', required: true, pattern: '/.*', autocomplete: 'off' });
  const headers = h('textarea', {
    id: 'cabeceras',
    rows: 3,
    placeholder: 'end-user: jason',
    spellcheck: false,
  });
  const answer = h('section', { class: 'explanation', 'aria-label': t('Explicación') });
  const form = h(
    'form',
    { class: 'ask', onsubmit: submit },
    field(t('Quién la envía'), client),
    field(t('A qué host'), host),
    hosts,
    field(t('Puerto'), port),
    field(t('Método'), method),
    field(t('Ruta'), path),
    field(t('Cabeceras, una por línea'), headers),
    h('button', { type: 'submit' }, t('Explicar')),
  );
  let choices: ExplainChoices = { clients: [], hosts: [] };
  client.addEventListener('change', suggest);

  async function load(): Promise<void> {
    try {
      const kept = client.value;
      choices = await ask('explainChoices', {});
      client.replaceChildren(
        ...choices.clients.map((c) => h('option', { value: c.id, selected: c.id === kept }, c.title)),
      );
      hosts.replaceChildren(...choices.hosts.map((known) => h('option', { value: known.host })));
      if (choices.clients.length === 0)
        answer.replaceChildren(
          h(
            'p',
            {},
            t('Todavía no hay ningún proxy en este clúster: instala Istio, o vuelve a crear los pods con sidecar.'),
          ),
        );
      if (!kept) suggest();
    } catch (error) {
      answer.replaceChildren(problemBox(error));
    }
  }

  /** What people ask of that client. */
  function suggest(): void {
    const gateway = choices.clients.find((c) => c.id === client.value)?.gateway ?? true;
    const [known] = choices.hosts.filter((c) => c.host.startsWith('reviews.'));
    host.value = gateway ? 'localhost' : (known?.host ?? choices.hosts[0]?.host ?? '');
    port.value = String(gateway ? 80 : (known?.ports[0] ?? choices.hosts[0]?.ports[0] ?? 80));
    path.value = gateway ? '/productpage' : '/reviews/0';
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const question: ExplainQuestion = {
      client: client.value,
      host: host.value.trim(),
      port: Number(port.value),
      method: method.value,
      path: path.value,
      headers: headersOf(headers.value),
    };
    try {
      const explained = await ask('explain', question);
      answer.replaceChildren(
        ...explanation(explained),
        comparison(() => ask('compare', question), say),
      );
      say(explained.outcome);
    } catch (error) {
      answer.replaceChildren(problemBox(error));
    }
  }

  return { element: h('div', { class: 'explain' }, form, answer), show: () => void load() };
}

function field(title: string, control: HTMLElement): HTMLElement {
  return h('div', { class: 'field' }, h('label', { for: control.id }, title), control);
}

function headersOf(text: string): Record<string, string> {
  const lines = text.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const] : [];
  });
  return Object.fromEntries(lines);
}
