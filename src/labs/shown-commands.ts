// Whether the commands that a lab shows exist: programs that a student of this course types, and their verbs.

/** Verbs of the programs whose spelling a lab can get wrong: kubectl 1.34, istioctl 1.30 and Malla's own. */
const verbs: Readonly<Record<string, readonly string[]>> = {
  kubectl:
    words(`annotate api-resources api-versions apply attach auth autoscale certificate cluster-info completion config
    cordon cp create debug delete describe diff drain edit events exec explain expose get help kustomize label logs options
    patch plugin port-forward proxy replace rollout run scale set taint top uncordon version wait`),
  istioctl: words(`admin analyze authz bug-report completion create-remote-secret dashboard experimental help install
    kube-inject manifest operator profile proxy-config proxy-status remote-clusters tag uninstall upgrade validate
    verify-install version waypoint x d pc ps ztunnel-config`),
  malla:
    words(`aula calificar cluster comprobar curl entregar guia istio istioctl kind kubeadm kubeconfig kubectl lab labs limpiar
    panel paquete resolver responder seguir ssh trafico verificar`),
  kubeadm: words('certs completion config help init join kubeconfig reset token upgrade version'),
  kind: words('build completion create delete export get help load version'),
  systemctl: words('daemon-reload disable enable is-active list-units restart start status stop'),
};

/**
 * What is wrong with a line of a shown command, in Spanish without a final period; undefined when nothing is. Only looks
 * at the programs above, wherever they stand in a pipe.
 */
export function commandProblem(line: string): string | undefined {
  for (const part of line.split(/\||&&|;/)) {
    const [program = '', verb] = withoutPrefix(part.trim().split(/\s+/));
    const known = verbs[program];
    if (!known) continue;
    if (verb === undefined || verb.startsWith('-') || verb.startsWith('$') || verb.startsWith('<')) continue;
    if (!known.includes(verb)) return `«${program} ${verb}» no existe`;
  }
  return undefined;
}

/** `$ `, sudo and variables that are set for one command. */
function withoutPrefix(parts: string[]): string[] {
  const start = parts.findIndex((word) => word !== '$' && word !== 'sudo' && !/^[A-Z_]+=/.test(word));
  return start < 0 ? [] : parts.slice(start);
}

function words(text: string): string[] {
  return text.split(/\s+/);
}
