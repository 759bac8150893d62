// A lab is written for a cluster of one's own: its application in `default`, and Istio's ingress gateway in `istio-system`.
// Where a student has only a namespace, with an ingress gateway in it, the same text says so; everything else stays.
export interface Place {
  namespace: string;
  /** Value of the label `istio` of the ingress gateway that is in that namespace; absent: the usual one is used. */
  gateway?: string;
}

/** The text of a lab or of one of its samples, line by line: lines keep their numbers. */
export function inPlace(text: string, place: Place): string {
  return text
    .split('\n')
    .map((line) => ofGateway(ofApplication(line, place), place))
    .join('\n');
}

/** `default` where it is the namespace, and not a profile, a secret, a route or the name of an object. */
function ofApplication(line: string, { namespace }: Place): string {
  const changed = line
    .replace(/\b(namespace|espacio): (["']?)default\2(?![\w.-])/g, `$1: ${namespace}`)
    .replace(/(\s-n |--namespace[= ])default(?![\w.-])/g, `$1${namespace}`)
    .replace(/\b([a-z][a-z0-9-]*)\.default(?=\.svc\b|[:/'"`,\])\s]|$)/g, `$1.${namespace}`)
    .replace(/\bns\/default\//g, `ns/${namespace}/`)
    .replace(/\bns\[default\]/g, `ns[${namespace}]`)
    .replace(/([( ])default\/(?=[a-z])/g, `$1${namespace}/`)
    .replace(/\b(namespaces?=~?"?)default\b/g, `$1${namespace}`)
    .replace(/\b(espacio(?: de nombres)?|[Ee]n) (`?)default\2(?![\w.-])/g, `$1 $2${namespace}$2`);
  // «| de qué espacio de nombres viene | `default` |»
  return /espacio/.test(changed) && !/perfil/.test(changed)
    ? changed.replaceAll('`default`', `\`${namespace}\``)
    : changed;
}

/** `istio-system` where it is the home of the ingress gateway, and not of istiod or of the whole mesh. */
function ofGateway(line: string, { namespace, gateway }: Place): string {
  if (gateway === undefined) return line;
  const changed = line
    .replace(/\b(istio: ?["']?|istio=)ingressgateway(?![\w-])/g, `$1${gateway}`)
    .replace(/\bns\/istio-system\/sa\/istio-ingressgateway/g, `ns/${namespace}/sa/istio-ingressgateway`)
    .replace(/\bistio-ingressgateway\.istio-system\b/g, `istio-ingressgateway.${namespace}`);
  return /ingressgateway|[Pp]asarela/.test(changed) && !/istiod/.test(changed)
    ? changed.replace(/\bistio-system\b/g, namespace)
    : changed;
}
