// Joining a cluster that is already there: looked at with a copy that lasts as long as the look, then kept.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChosenCluster, readChosen, writeChosen } from '../chosen.ts';
import { connect } from '../client.ts';
import { ClusterError } from '../cluster-error.ts';
import { CodedError } from '../coded-error.ts';
import type { KubeClient } from '../contract.ts';
import { type FoundEntry, findLastingEntry, type GatewayService, usualGateway } from '../entry/find-entry.ts';
import { writePrivateFile } from '../private-file.ts';
import { stayIn } from '../stay-in.ts';
import { ownKubeconfig } from './own-kubeconfig.ts';
import type { PickedContext } from './pick-context.ts';
import { gatewayLabel, placeAnnotations, placeLabel, studentLabel } from './place.ts';
import { refusalOf } from './survey/refusals.ts';
import { type Survey, surveyCluster } from './survey/survey.ts';

export type Attached = Extract<ChosenCluster, { kind: 'kubeadm' }>;

/** A namespace of a class cluster, as its own annotations tell. */
export interface ClassPlace {
  namespace: string;
  /** Value of the label `istio` of its own ingress gateway. */
  gateway?: string;
  entry?: string;
  secureEntry?: string;
  nodeHost?: string;
}

export interface Look {
  survey: Survey;
  /** Why the labs cannot go on there; undefined when they can. */
  refusal?: CodedError;
  /** Where the labs would stay; undefined: in the whole cluster. */
  namespace?: string;
  /** The namespace was given by a class cluster. */
  place?: ClassPlace;
  entry: FoundEntry | { why: string };
}

export interface LookOptions {
  agreed: ReadonlySet<string>;
  /** Wanted by the user. */
  namespace?: string | undefined;
  now(): number;
}

/** Rejects with CodedError: a danger that is not agreed to, a broken file, or a cluster that does not answer. */
export function lookAt(picked: PickedContext, options: LookOptions): Promise<Look> {
  return withClient(picked, options, (client) => look(client, picked, options));
}

/** With a copy of the kubeconfig that lasts as long as `act`. Rejects as lookAt. */
export async function withClient<T>(
  picked: PickedContext,
  { agreed, now }: Pick<LookOptions, 'agreed' | 'now'>,
  act: (client: KubeClient) => Promise<T>,
): Promise<T> {
  const copy = await ownKubeconfig(picked, { agreed, now: now() });
  const folder = await mkdtemp(join(tmpdir(), 'malla-mirar-'));
  const stop = new AbortController();
  try {
    const path = join(folder, 'kubeconfig');
    await writePrivateFile(path, copy);
    return await act(connect(path, undefined, { signal: stop.signal }));
  } catch (error) {
    throw explained(error, picked);
  } finally {
    stop.abort();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Keeps Malla's own copy and chooses that cluster. Rejects with CodedError; the user's file is only read. */
export async function attach(
  home: string,
  picked: PickedContext,
  look: Look,
  { agreed, now }: Pick<LookOptions, 'agreed' | 'now'>,
): Promise<Attached> {
  const copy = await ownKubeconfig(inNamespace(picked, look.namespace), { agreed, now: now() });
  const kubeconfig = ownFile(home);
  await writePrivateFile(kubeconfig, copy);
  // The way in of a place is its own gateway's, which is looked for each time that it is needed.
  const lasting = 'entry' in look.entry && !look.place ? look.entry : undefined;
  const entry = look.place?.entry ?? lasting?.entry;
  const nodeHost = look.place?.nodeHost ?? lasting?.nodeHost;
  const chosen: Attached = {
    kind: 'kubeadm',
    kubeconfig,
    context: picked.name,
    server: picked.server,
    ...(entry === undefined ? {} : { entry }),
    ...(nodeHost === undefined ? {} : { nodeHost }),
    ...(look.namespace === undefined ? {} : { namespace: look.namespace }),
    ...(look.place?.gateway === undefined ? {} : { gateway: look.place.gateway }),
    agreed: [...agreed],
  };
  await writeChosen(home, chosen);
  return chosen;
}

/** Forgets the cluster and Malla's copy of its credentials. False when there was none. */
export async function detach(home: string): Promise<boolean> {
  const chosen = await readChosen(home);
  if (chosen.kind === 'kubeadm') await writeChosen(home, { kind: 'embebido' });
  await rm(ownFile(home), { force: true });
  return chosen.kind === 'kubeadm';
}

function ownFile(home: string): string {
  return join(home, 'kubeadm', 'kubeconfig');
}

async function look(client: KubeClient, picked: PickedContext, options: LookOptions): Promise<Look> {
  const place = await placeIn(client, options.namespace ?? picked.namespace);
  const namespace = options.namespace ?? place?.namespace;
  // A student's rights end at the place: what is asked of all namespaces would only be refused.
  const survey = await surveyCluster(place ? stayIn(client, place) : client, { namespace, now: options.now });
  const gateway: GatewayService = place ? { ...usualGateway, namespace: place.namespace } : usualGateway;
  const refusal = refusalOf(survey);
  return {
    survey,
    ...(refusal ? { refusal } : {}),
    ...(namespace === undefined ? {} : { namespace }),
    ...(place ? { place } : {}),
    entry: await entryOf(client, gateway),
  };
}

/** A namespace is a place of a class cluster when its label says so; whoever may not read it is in none. */
async function placeIn(client: KubeClient, namespace: string | undefined): Promise<ClassPlace | undefined> {
  if (namespace === undefined) return undefined;
  const found = await unlessForbidden(client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }));
  if (found?.metadata.labels?.[placeLabel] === undefined) return undefined;
  const told = found.metadata.annotations ?? {};
  const student = found.metadata.labels[studentLabel];
  const url = (key: 'entry' | 'secureEntry') => {
    const written = told[placeAnnotations[key]];
    return written !== undefined && /^https?:\/\/[^\s/]+$/.test(written) ? { [key]: written } : {};
  };
  const nodeHost = told[placeAnnotations.nodeHost];
  const gateway = student ? { gateway: gatewayLabel({ id: student }) } : {};
  return { namespace, ...gateway, ...url('entry'), ...url('secureEntry'), ...(nodeHost ? { nodeHost } : {}) };
}

async function entryOf(client: KubeClient, gateway: GatewayService): Promise<Look['entry']> {
  const found = await unlessForbidden(findLastingEntry({ client, gateway }));
  return found ?? { why: 'Tu usuario no puede mirar por dónde se entra al clúster.' };
}

async function unlessForbidden<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'forbidden') return undefined;
    throw error;
  }
}

function inNamespace(picked: PickedContext, namespace: string | undefined): PickedContext {
  return namespace === undefined ? picked : { ...picked, namespace };
}

/** What the cluster's own certificate is wrong in is told apart from a cluster that is off. */
function explained(error: unknown, { server }: PickedContext): unknown {
  if (!(error instanceof ClusterError) || error.reason !== 'unreachable') return error;
  const { code } = (error.cause ?? {}) as { code?: string };
  const wrong = certificateTroubles[code ?? ''];
  if (wrong === undefined) return error;
  return new CodedError({
    code: 'MALLA-KCF-45',
    happened: `El certificado del clúster ${server} no vale: ${wrong}.`,
    expected: 'Un certificado en vigor, a nombre de esa dirección y firmado por la autoridad del kubeconfig.',
    todo: 'Si ha caducado: «kubeadm certs renew all» en el plano de control. Si el clúster se ha vuelto a crear, copia otra vez su admin.conf.',
    cause: error,
  });
}

const certificateTroubles: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'ha caducado',
  CERT_NOT_YET_VALID: 'todavía no empieza a valer',
  ERR_TLS_CERT_ALTNAME_INVALID: 'está a nombre de otra dirección',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'no lo firma la autoridad del kubeconfig',
  SELF_SIGNED_CERT_IN_CHAIN: 'no lo firma la autoridad del kubeconfig',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'no lo firma la autoridad del kubeconfig',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'no lo firma la autoridad del kubeconfig',
  CERT_SIGNATURE_FAILURE: 'no lo firma la autoridad del kubeconfig',
};
