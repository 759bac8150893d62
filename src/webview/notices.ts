// What the student should know before working: each notice with the button that mends it.
import { h } from './element.ts';
import type { PanelHost } from './host.ts';
import { t } from './l10n.ts';
import type { PanelState } from './protocol.ts';

type NoticeState = Pick<PanelState, 'lab' | 'cluster' | 'previous' | 'folder' | 'trusted' | 'busy' | 'problem'>;

export function notices(state: NoticeState, { send }: PanelHost): HTMLElement[] {
  if (!state.trusted) {
    return [
      notice('warning', t('Esta carpeta no es de confianza: aquí solo puedes leer.'), {
        text: t('Administrar la confianza'),
        key: 'trust',
        act: () => send('manageTrust', {}),
      }),
    ];
  }
  // A chapter is only read.
  const builds = state.lab.chapter
    ? [problemNotice]
    : [clusterNotice, previousNotice, folderNotice, problemNotice, busyNotice];
  return builds.flatMap((build) => {
    const built = build(state, send);
    return built ? [built] : [];
  });
}

type Build = (state: NoticeState, send: PanelHost['send']) => HTMLElement | undefined;

const clusterNotice: Build = ({ cluster, busy }, send) => {
  if (busy) return undefined;
  if (cluster.state === 'arrancando') return notice('busy', t('Arrancando {0}…', cluster.name));
  if (cluster.state === 'parando') return notice('busy', t('Parando {0}…', cluster.name));
  if (cluster.state !== 'parado') return undefined;
  const text = cluster.simulated
    ? t('No hay ningún clúster en marcha. El embebido es un simulador y arranca en un momento.')
    : t('{0} está parado o no contesta.', cluster.name);
  return notice('info', text, {
    text: t('Iniciar clúster'),
    key: 'start',
    act: () => send('startCluster', {}),
  });
};

const previousNotice: Build = ({ previous, cluster, busy }, send) => {
  const missing = previous.filter((p) => !p.done);
  if (missing.length === 0 || cluster.state !== 'en marcha' || busy) return undefined;
  const titles = missing.map((p) => `«${p.title}»`).join(', ');
  return notice(
    'info',
    missing.length === 1
      ? t('Este laboratorio parte de {0}. Si no lo has hecho, Malla aplica sus soluciones.', titles)
      : t('Este laboratorio parte de {0}. Si no los has hecho, Malla aplica sus soluciones.', titles),
    {
      text: t('Preparar lo anterior'),
      key: 'prepare',
      act: () => send('prepare', {}),
    },
  );
};

const folderNotice: Build = ({ folder }, send) => {
  if (folder.kind === 'abierta') return undefined;
  const text =
    folder.kind === 'temporal'
      ? t('Tus ficheros van a una carpeta temporal que el sistema puede borrar: {0}', folder.path)
      : t('No hay ninguna carpeta abierta. Abre una para conservar los ficheros de los laboratorios.');
  return notice('info', text, {
    text: t('Abrir una carpeta…'),
    key: 'folder',
    act: () => send('openFolder', {}),
    secondary: true,
  });
};

const problemNotice: Build = ({ problem, busy }, send) => {
  if (!problem || busy) return undefined;
  const text = [`${problem.happened}.`, problem.todo].join(' ').replace(/\.\.(?=\s|$)/g, '.');
  const built = notice('error', text, { text: t('Reintentar'), key: 'retry', act: () => send('retry', {}) });
  built.querySelector('p')?.append(' ', h('code', { class: 'code-name' }, problem.code));
  return built;
};

const busyNotice: Build = ({ busy }) => (busy ? notice('busy', busy) : undefined);

function notice(
  kind: 'info' | 'warning' | 'error' | 'busy',
  text: string,
  button?: { text: string; key: string; act(): void; secondary?: boolean },
): HTMLElement {
  return h(
    'div',
    { class: `notice notice-${kind}`, role: kind === 'error' ? 'alert' : undefined },
    h('p', {}, text),
    button &&
      h(
        'button',
        {
          type: 'button',
          class: button.secondary ? 'secondary' : undefined,
          'data-key': `notice-${button.key}`,
          onclick: button.act,
        },
        button.text,
      ),
  );
}
