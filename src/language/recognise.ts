// What a text is about, told without parsing it. Apart from the rest: the editor itself needs nothing more.

/** Whether a document may say something that this help needs: Istio's kinds and what they point at. */
export function isOfInterest(text: string): boolean {
  return /(?:istio\.io|gateway\.networking\.k8s\.io)\/v|^[ \t]*['"]?kind['"]?:\s*['"]?(?:Service|Namespace|Pod|Deployment|StatefulSet|DaemonSet|List)\b/m.test(
    text,
  );
}

/** Whether the help has anything to say in this file. */
export function looksLikeIstio(text: string): boolean {
  return /^[ \t]*(?:-[ \t]+)?['"]?apiVersion['"]?:\s*['"]?(?:[a-z]+\.istio\.io|gateway\.networking\.k8s\.io)\b/m.test(
    text,
  );
}
