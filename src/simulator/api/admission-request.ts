// A write that admission looks at: webhooks and policies alike.
import type { KubeObject } from '../../mesh/objects.ts';
import type { KindDefinition } from './kinds/built-in.ts';

export interface AdmissionRequest {
  kind: KindDefinition;
  version: string;
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  object: KubeObject | undefined;
  previous: KubeObject | undefined;
  dryRun: boolean;
  warn: (message: string) => void;
}
