// Why Prometheus or Jaeger is not there to be asked, for checks that ask it about something else.
import { diagnose } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import { rootNamespace, type Scene } from '../../scene.ts';
import { tooFewPods } from '../workloads.ts';

/** Their image is nobody's answer to the check: without it there is nothing to look at. */
export function missingTool(scene: Scene, selector: string): Diagnosis | undefined {
  const few = tooFewPods(scene, { namespace: rootNamespace, selector, atLeast: 1 });
  if (few?.code !== 'MALLA-APP-02') return few;
  const owner = scene.deployments.find(
    ({ metadata }) => metadata.name === few.at?.name && metadata.namespace === rootNamespace,
  );
  return diagnose('MALLA-SAL-05', few.message, { at: owner, path: few.at?.path });
}
