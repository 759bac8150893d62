// Every situation, in the order of the page.
import type { Situation } from './behaviour.ts';
import { serverSideApply } from './situations/apply.ts';
import { badInput } from './situations/bad-input.ts';
import { customKinds } from './situations/custom.ts';
import { defaults } from './situations/defaults.ts';
import { deletes } from './situations/deletes.ts';
import { lists } from './situations/lists.ts';
import { orders } from './situations/orders.ts';
import { permissions } from './situations/permissions.ts';
import { protocol } from './situations/protocol.ts';
import { subresources } from './situations/subresources.ts';
import { validation } from './situations/validation.ts';
import { writes } from './situations/writes.ts';

export const kubernetesSituations: Situation[] = [
  ...protocol,
  ...lists,
  ...writes,
  ...serverSideApply,
  ...deletes,
  ...defaults,
  ...validation,
  ...subresources,
  ...customKinds,
  ...permissions,
  ...orders,
  ...badInput,
];
