// componentstatuses, which tutorials of years ago ask for: made when asked, never stored. All is well while the server answers.
import type { KubeObject } from '../../../mesh/objects.ts';
import { type KindDefinition, type KindTable, withKind } from '../kinds/kind-table.ts';
import type { Handler } from './context.ts';
import { missing } from './objects.ts';
import { dataReply, representList, representObject } from './represent.ts';
import { selection } from './select.ts';

const kind: KindDefinition = {
  group: '',
  versions: ['v1'],
  kind: 'ComponentStatus',
  listKind: 'ComponentStatusList',
  plural: 'componentstatuses',
  singular: 'componentstatus',
  shortNames: ['cs'],
  categories: [],
  namespaced: false,
  subresources: [],
};

export const isComponentStatus = (asked: KindDefinition): boolean => asked === kind;

export const withComponentStatuses = (stored: KindTable): KindTable => withKind(stored, kind);

export const getComponentStatus: Handler = (r) => {
  const found = statuses.find(({ metadata }) => metadata.name === r.name);
  if (!found) throw missing(r);
  return dataReply(r, representObject(r, found));
};

export const listComponentStatuses: Handler = (r) =>
  dataReply(r, representList(r, statuses.filter(selection(r)), { resourceVersion: '' }));

const statuses: KubeObject[] = ['scheduler', 'controller-manager', 'etcd-0'].map((name) => ({
  apiVersion: 'v1',
  kind: 'ComponentStatus',
  metadata: { name },
  conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
}));
