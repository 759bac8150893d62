// Certificates that somebody asked the cluster for and somebody else approved. Only those of users are signed here.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Clock, Registry } from '../../contract.ts';
import { setStatus } from '../../controllers/pods.ts';
import { createWorkQueue } from '../../controllers/work-queue.ts';
import { type CertifiedKey, certifyClient } from './certificate.ts';
import { readSigningRequest } from './signing-request.ts';

const REQUESTS = 'certificates.k8s.io/certificatesigningrequests';

interface SigningRequestObject extends KubeObject {
  spec: { request: string; signerName: string; expirationSeconds?: number };
  status?: { certificate?: string; conditions?: { type: string }[] };
}

const LONGEST = 365 * 24 * 60 * 60;
/** For clocks that are a little behind. */
const GRACE = 5 * 60 * 1000;

/** Returns the stop. */
export function startCertificateSigning(registry: Registry, clock: Clock, ca: CertifiedKey): () => void {
  const queue = createWorkQueue(clock, 'certificate signing', sync);
  const stop = registry.watch(REQUESTS, ({ object }) => queue.add(object.metadata.name));
  return () => {
    stop();
    queue.stop();
  };

  function sync(name: string): void {
    const found = registry.get(REQUESTS, undefined, name) as SigningRequestObject | undefined;
    if (found?.spec.signerName !== 'kubernetes.io/kube-apiserver-client') return;
    const { certificate, conditions = [] } = found.status ?? {};
    const is = (type: string) => conditions.some((each) => each.type === type);
    if (certificate || !is('Approved') || is('Denied') || is('Failed')) return;
    const signed = sign(found.spec);
    if (signed) setStatus(registry, REQUESTS, found, { ...found.status, certificate: signed });
  }

  function sign({ request, expirationSeconds = LONGEST }: SigningRequestObject['spec']): string | undefined {
    const asked = readSigningRequest(Buffer.from(request, 'base64').toString());
    if (!asked) return undefined;
    const seconds = Math.min(expirationSeconds, LONGEST);
    const notBefore = new Date(clock.now() - GRACE);
    const notAfter = new Date(clock.now() - GRACE + seconds * 1000);
    return Buffer.from(certifyClient(asked, { notBefore, notAfter }, ca)).toString('base64');
  }
}
