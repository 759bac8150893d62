// Kinds of a few lines: namespaces, configuration and accounts.
import type { KubeObject } from '../../../mesh/objects.ts';
import { annotationLines, labelLines, Page, sortedEntries } from './page.ts';

export function describeNamespace({ metadata, status }: KubeObject): Page {
  const page = new Page();
  page.field(0, 'Name', metadata.name);
  page.list(0, 'Labels', labelLines(metadata.labels));
  page.list(0, 'Annotations', annotationLines(metadata.annotations));
  page.field(0, 'Status', (status as { phase?: string } | undefined)?.phase ?? '');
  page.line(0, '\nNo resource quota.\n\nNo LimitRange resource.');
  return page;
}

export function describeConfigMap(map: KubeObject): Page {
  const page = head(map);
  page.line(0, '\nData\n====');
  for (const [name, value] of sortedEntries(record(map.data))) page.line(0, `${name}:\n----\n${value}\n`);
  page.line(0, '\nBinaryData\n====');
  for (const [name, value] of sortedEntries(record(map.binaryData))) page.line(0, `${name}: ${bytesOf(value)} bytes`);
  page.line(0, '');
  return page;
}

/** Sizes, never contents. */
export function describeSecret(secret: KubeObject): Page {
  const page = head(secret);
  page.line(0, `\nType:\t${String(secret.type ?? '')}\n\nData\n====`);
  for (const [name, value] of sortedEntries(record(secret.data))) page.field(0, name, `${bytesOf(value)} bytes`);
  return page;
}

export function describeServiceAccount(account: KubeObject): Page {
  const page = head(account);
  page.list(0, 'Image pull secrets', names(account.imagePullSecrets));
  page.list(0, 'Mountable secrets', names(account.secrets));
  page.list(0, 'Tokens', []);
  return page;
}

function head({ metadata }: KubeObject): Page {
  const page = new Page();
  page.field(0, 'Name', metadata.name);
  page.field(0, 'Namespace', metadata.namespace ?? '');
  page.list(0, 'Labels', labelLines(metadata.labels));
  page.list(0, 'Annotations', annotationLines(metadata.annotations));
  return page;
}

const record = (value: unknown) => (value ?? {}) as Record<string, string>;
const names = (value: unknown) => ((value ?? []) as { name: string }[]).map((item) => item.name);
const bytesOf = (base64: string) => Buffer.from(base64, 'base64').length;
