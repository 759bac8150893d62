// The page that the recordings of now give.
import { accepted, knownLimits } from './accepted.ts';
import { kubernetesSection } from './kubernetes/section.ts';
import { fidelityPage } from './page.ts';
import { realSection } from './real-section.ts';
import { readRecording, readTaskResults } from './run/recordings.ts';
import { behaviours } from './situations.ts';
import { tasks } from './tasks/tasks.ts';

export function currentPage(): string {
  const [real, embedded] = [readTaskResults('real'), readTaskResults('embedded')];
  return fidelityPage({
    behaviours,
    real: readRecording('real'),
    embedded: readRecording('embedded'),
    accepted,
    limits: knownLimits,
    labs: realSection(),
    kubernetes: kubernetesSection(),
    tasks: tasks.map(({ id, title, page }) => ({
      title,
      page,
      ...(real[id] ? { real: real[id] } : {}),
      ...(embedded[id] ? { embedded: embedded[id] } : {}),
    })),
  });
}
