// A button that sends the request, and what Envoy did with it beside what was said.
import type { ComparedRequest } from '../../../views/explain/explained-request.ts';
import { h } from '../../element.ts';
import { t } from '../../l10n.ts';
import { problemBox } from '../problem.ts';

export function comparison(compare: () => Promise<ComparedRequest>, say: (text: string) => void): HTMLElement {
  const answer = h('div', {});
  const button = h('button', { type: 'button', class: 'secondary', onclick: run }, t('Enviarla y comparar con Envoy'));
  let sending = false;

  async function run(): Promise<void> {
    if (sending) return;
    sending = true;
    answer.replaceChildren(h('p', {}, t('Enviando la petición y leyendo el registro del proxy…')));
    try {
      const compared = await compare();
      answer.replaceChildren(...drawn(compared));
      say(verdict(compared));
    } catch (error) {
      answer.replaceChildren(problemBox(error));
    }
    sending = false;
  }

  return h('section', { class: 'comparison', 'aria-label': t('Comparación con Envoy') }, button, answer);
}

function drawn(compared: ComparedRequest): HTMLElement[] {
  const { status, pod, cluster, flags, line } = compared;
  const facts: [string, string | undefined][] = [
    [t('Respuesta'), status === 0 ? t('ninguna') : String(status)],
    [t('Contestó'), pod],
    [t('Clúster de Envoy'), cluster],
    [t('Señales de Envoy'), flags],
  ];
  return [
    h('p', { class: compared.agrees ? 'outcome' : 'outcome problem' }, verdict(compared)),
    h(
      'dl',
      {},
      ...facts.flatMap(([name, value]) => (value ? [h('dt', {}, name), h('dd', {}, h('code', {}, value))] : [])),
    ),
    ...(line
      ? [h('details', {}, h('summary', {}, t('Línea del registro de acceso')), h('pre', { tabindex: 0 }, line))]
      : []),
  ];
}

function verdict({ agrees, known }: ComparedRequest): string {
  if (!agrees)
    return t(
      'Envoy ha hecho otra cosa que lo que dice la configuración: puede que aún no le haya llegado, o que algo de fuera la cambie.',
    );
  return known
    ? t('Envoy ha hecho lo que dice la configuración.')
    : t(
        'La respuesta encaja, pero el proxy no tiene registro de acceso y no se sabe adónde fue: actívalo para comparar.',
      );
}
