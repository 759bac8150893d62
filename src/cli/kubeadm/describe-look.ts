// What is seen of a cluster before joining it, and what joining would do, as text.

import { ownClass, ownPlace } from '../../cluster/classroom/own-place.ts';
import type { Look } from '../../cluster/kubeadm/attach.ts';
import { describeDanger, printable } from '../../cluster/kubeadm/kubeconfig-error.ts';
import type { PickedContext } from '../../cluster/kubeadm/pick-context.ts';
import type { Survey } from '../../cluster/kubeadm/survey/survey.ts';

export function describeLook(picked: PickedContext, look: Look): string {
  const { survey } = look;
  const lines = [
    `Contexto «${printable(picked.name)}», en ${printable(picked.server)}`,
    ...picked.dangers.map(({ code, what }) => `  ${code} (aceptado): ${describeDanger(code)} (${what})`),
    `  Versión:      ${survey.version.text}`,
    ...nodeLines(survey),
    // From a place that a class gave none of these can be seen.
    ...(look.place && look.place !== ownPlace ? [] : wholeCluster(survey)),
    `  Malla:        ${meshOf(survey)}`,
    `  Permisos:     ${rightsOf(survey, look.namespace)}`,
    ...entryLines(look),
    ...(survey.unread.length > 0 ? [`  Sin permiso para mirar: ${survey.unread.join(', ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

export function describeJoining(picked: PickedContext, look: Look, kubeconfig: string): string {
  const where =
    look.namespace === undefined
      ? 'Los laboratorios crearán y borrarán objetos en todo el clúster: en default, en istio-system y en espacios suyos.'
      : `Los laboratorios se quedarán en el espacio ${look.namespace}.`;
  return [
    'Unirse hará esto:',
    `  - escribir ${kubeconfig}, una copia de Malla con ese contexto y nada más; tu kubeconfig no se toca;`,
    `  - trabajar desde ahora con ${printable(picked.server)}; «malla kubeadm soltar» lo deshace.`,
    ...(look.place === ownPlace
      ? [
          `  - crear en el clúster el espacio ${ownPlace.namespace}, con una pasarela de Istio; «malla aula borrar --nombre ${ownClass}» lo quita.`,
        ]
      : ['En el clúster no cambia nada todavía.']),
    where,
    '',
  ].join('\n');
}

function wholeCluster(survey: Survey): string[] {
  return [
    `  Red de pods:  ${networkOf(survey)}`,
    `  DNS:          ${dnsOf(survey)}`,
    `  Balanceador:  ${balancerTexts[survey.balancers]}`,
    `  Admisión:     ${admissionOf(survey)}`,
  ];
}

function nodeLines({ nodes }: Survey): string[] {
  return nodes.map((n, i) => {
    const state = n.ready ? 'listo' : 'SIN ESTAR LISTO';
    const roles = n.roles.length > 0 ? n.roles.join(', ') : 'trabajador';
    const head = i === 0 ? '  Nodos:        ' : '                ';
    return `${head}${n.name} (${roles}): ${state}, ${n.version}, ${n.runtime}, núcleo ${n.kernel}, ${n.architecture}`;
  });
}

function networkOf({ cni, unread }: Survey): string {
  if (unread.includes('DaemonSet')) return 'tu usuario no puede mirarla';
  if (cni.name === '') return 'no reconozco el complemento de red';
  const { policies } = cni;
  const enforces =
    policies === undefined
      ? 'puede cumplir NetworkPolicy o no, según su versión'
      : policies
        ? 'cumple NetworkPolicy'
        : 'no cumple NetworkPolicy';
  return `${cni.name}; ${enforces}`;
}

function dnsOf({ dns, unread }: Survey): string {
  if (unread.includes('Deployment')) return 'tu usuario no puede mirarlo';
  return dns ? `${dns.ready} de ${dns.wanted} réplicas listas (${dns.image})` : 'no veo CoreDNS';
}

const balancerTexts: Record<Survey['balancers'], string> = {
  given: 'los Services de tipo LoadBalancer reciben dirección',
  pending: 'los Services de tipo LoadBalancer se quedan en <pending>',
  'nobody-asks': 'ningún Service lo pide, así que no se sabe si lo hay',
};

function admissionOf({ admission }: Survey): string {
  const { policies, webhooks, strict } = admission;
  const parts = [
    ...(policies.length > 0 ? [`políticas ${policies.join(', ')}`] : []),
    ...webhooks.map(
      (w) =>
        `webhook ${w.name}${w.mutates ? ', que cambia objetos' : ''}${w.blocks ? ', y sin él no se crea nada' : ''}`,
    ),
    ...strict.map((s) => `${s.namespace} es «${s.level}»: sin el CNI de Istio no deja entrar sidecars`),
  ];
  return parts.length > 0 ? parts.join('; ') : 'nada que toque los laboratorios';
}

function meshOf({ meshes, unread }: Survey): string {
  if (unread.includes('Deployment')) return 'tu usuario no puede mirarla';
  const found = [
    ...meshes.istio.map(
      (i) =>
        `Istio ${i.version} en ${i.namespace}${i.ours ? ', de Malla' : ', de otro'}${i.ready ? '' : ', sin estar listo'}`,
    ),
    ...(meshes.ambient === undefined ? [] : [`ambient: ${meshes.ambient}`]),
    ...meshes.others,
  ];
  return found.length > 0 ? found.join('; ') : 'ninguna todavía';
}

function rightsOf({ rights }: Survey, namespace: string | undefined): string {
  const denied = rights.filter((r) => !r.allowed);
  const where = namespace === undefined ? 'en todo el clúster' : `en ${namespace}`;
  if (denied.length === 0) return `los ${rights.length} que piden los laboratorios ${where}`;
  return `${where}, faltan ${denied.length} de ${rights.length}: ${denied.map((r) => `${r.verb} ${r.resource}`).join(', ')}`;
}

function entryLines({ place, entry }: Look): string[] {
  const lines = (address: string, why: string): string[] => [`  Entrada:      ${address}`, `                ${why}`];
  if (place === ownPlace)
    return lines('la de una pasarela propia', 'Se hace al unirse: lo que entra por ella no pasa por la de los demás.');
  if (place?.entry !== undefined) return lines(place.entry, 'Es la tuya en este clúster de clase.');
  if ('entry' in entry) return lines(entry.entry, entry.why);
  return lines(
    'todavía ninguna',
    `${entry.why} Si hace falta, Malla llevará un puerto de esta máquina hasta la pasarela.`,
  );
}
