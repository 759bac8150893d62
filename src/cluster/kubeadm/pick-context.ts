// One context of a kubeconfig: where it leads, as whom, and what of it is dangerous. Reads no other file.
import { isAbsolute, relative, resolve } from 'node:path';
import type { Entry, Fields, Kubeconfig } from './kubeconfig-document.ts';
import { type Danger, type DangerCode, kubeconfigFault, printable } from './kubeconfig-error.ts';

export interface PickedContext {
  name: string;
  cluster: Entry;
  user: Entry;
  /** Without a trailing slash. */
  server: string;
  /** The context's own, when it names one. */
  namespace?: string;
  dangers: Danger[];
}

export interface ContextLine {
  name: string;
  current: boolean;
  /** As written; '' when its cluster is not there. */
  server: string;
  user: string;
  namespace?: string;
  /** Codes of its dangers; of a context that is not fit, its fault's. */
  held: string[];
}

/** Every context, the current one first. */
export function listContexts(config: Kubeconfig): ContextLine[] {
  return [...config.contexts.values()]
    .map(({ name, body }): ContextLine => {
      const namespace = text(body.namespace);
      return {
        name,
        current: name === config.current,
        server: text(config.clusters.get(text(body.cluster))?.body.server),
        user: text(body.user),
        ...(namespace ? { namespace } : {}),
        held: heldBy(config, name),
      };
    })
    .toSorted((a, b) => Number(b.current) - Number(a.current));
}

/** By default, the current one. Throws CodedError MALLA-KCF-07, 08 or 10. */
export function pickContext(config: Kubeconfig, wanted?: string): PickedContext {
  const name = wanted ?? config.current;
  const names = [...config.contexts.keys()].slice(0, 20).map((n) => printable(n, 60));
  const there = names.length > 0 ? `Los que hay: ${names.join(', ')}.` : 'No hay ninguno.';
  if (name === '') throw kubeconfigFault('MALLA-KCF-07', `El kubeconfig no dice qué contexto usar. ${there}`);
  const context = config.contexts.get(name);
  if (!context) throw kubeconfigFault('MALLA-KCF-07', `No existe el contexto «${printable(name)}». ${there}`);
  const cluster = config.clusters.get(text(context.body.cluster));
  const user = config.users.get(text(context.body.user));
  const shown = `El contexto «${printable(name)}»`;
  if (!cluster) throw kubeconfigFault('MALLA-KCF-08', `${shown} nombra un clúster que no está en el kubeconfig.`);
  if (!user) throw kubeconfigFault('MALLA-KCF-08', `${shown} nombra un usuario que no está en el kubeconfig.`);
  const server = serverOf(cluster, shown);
  const posing = ['as', 'as-uid', 'as-groups', 'as-user-extra'].filter((key) => isWritten(user.body[key]));
  if (posing.length > 0)
    throw kubeconfigFault('MALLA-KCF-10', `${shown} se hace pasar por otro usuario (${posing.join(', ')}).`);
  const namespace = text(context.body.namespace);
  if (namespace && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace))
    throw kubeconfigFault('MALLA-KCF-08', `${shown} nombra un espacio que no vale: «${printable(namespace)}».`);
  return {
    name,
    cluster,
    user,
    server,
    ...(namespace ? { namespace } : {}),
    dangers: dangersOf(cluster, user, server),
  };
}

/** Files that the picked parts refer to, but a token's. */
export const fileFields = {
  cluster: ['certificate-authority'],
  user: ['client-certificate', 'client-key'],
} as const;

/** Whether a path is inside a folder by its letters alone: asking the disk could already reach a network share. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, resolve(folder, path));
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function heldBy(config: Kubeconfig, name: string): string[] {
  try {
    return [...new Set(pickContext(config, name).dangers.map((d) => d.code))];
  } catch (error) {
    const { code } = error as { code?: string };
    return code === undefined ? [] : [code];
  }
}

function serverOf(cluster: Entry, shown: string): string {
  const written = text(cluster.body.server);
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '')
    throw kubeconfigFault(
      'MALLA-KCF-08',
      `${shown} no tiene una dirección de servidor que valga: «${printable(written)}».`,
    );
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw kubeconfigFault('MALLA-KCF-08', `${shown} lleva en la dirección del servidor algo más que una dirección.`);
  return url.href.replace(/\/+$/, '');
}

function dangersOf(cluster: Entry, user: Entry, server: string): Danger[] {
  const dangers: Danger[] = [];
  const add = (code: DangerCode, what: string): void => {
    dangers.push({ code, what: printable(what) });
  };
  const { exec, 'auth-provider': provider, tokenFile } = user.body;
  if (isWritten(exec)) add('MALLA-KCF-20', commandOf(exec));
  if (isWritten(provider)) add('MALLA-KCF-21', text((provider as Fields).name) || 'sin nombre');
  for (const [entry, keys] of [
    [cluster, fileFields.cluster],
    [user, fileFields.user],
  ] as const)
    for (const key of keys) {
      const path = text(entry.body[key]);
      if (path && !isWritten(entry.body[`${key}-data`]) && !isInside(entry.folder, path))
        add('MALLA-KCF-22', `${key}: ${path}`);
    }
  if (isWritten(tokenFile)) add('MALLA-KCF-23', text(tokenFile));
  if (isWritten(cluster.body['proxy-url'])) add('MALLA-KCF-24', withoutPassword(text(cluster.body['proxy-url'])));
  if (isWritten(cluster.body['insecure-skip-tls-verify'])) add('MALLA-KCF-25', server);
  if (server.startsWith('http:')) add('MALLA-KCF-26', server);
  if (isWritten(cluster.body['tls-server-name'])) add('MALLA-KCF-27', text(cluster.body['tls-server-name']));
  return dangers;
}

/** False and empty values say nothing; anything else does, whatever its type. */
function isWritten(value: unknown): boolean {
  return (
    value !== undefined &&
    value !== null &&
    value !== '' &&
    value !== false &&
    !(Array.isArray(value) && value.length === 0)
  );
}

function commandOf(exec: unknown): string {
  const { command, args } = exec as { command?: unknown; args?: unknown };
  return [text(command), ...(Array.isArray(args) ? args.map(String) : [])].join(' ');
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//***@');
}
