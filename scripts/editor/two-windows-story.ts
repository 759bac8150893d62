// One person with two windows of the real VS Code, each on a folder of its own, and Malla's one real cluster between them.
// Only by name: `npm run editor -- historia-ventanas`.
import { clusterPid } from './malla.ts';
import { applySolution, startCluster, turnTo } from './moves.ts';
import type { Scene } from './stage.ts';
import type { Story } from './story.ts';
import type { Workbench } from './workbench.ts';

type Window = Pick<Scene, 'workbench' | 'folder' | 'picture'>;

const lab = 'Instalar Istio';
let second: Window | undefined;

export const twoWindowsStory: Story = [
  [
    'a second window finds the cluster of the first running',
    async (scene) => {
      await scene.workbench.openMalla();
      await startCluster(scene.workbench);
      second = await scene.another('otra');
      await second.workbench.openMalla();
      await second.workbench.statusBar(/Clúster en marcha/).waitFor();
    },
  ],
  [
    'a step that is done in one turns green by itself in the other',
    async ({ workbench }) => {
      const other = theSecond();
      for (const each of [workbench, other.workbench]) {
        await openLab(each);
        await turnTo(each, 'instalar');
      }
      await applySolution(workbench, 'instalar');
      await green(other.workbench);
      await other.picture('historia-dos-ventanas');
    },
  ],
  [
    'what the second does next, the first sees too, and neither repeats it as its own problem',
    async ({ workbench }) => {
      const other = theSecond();
      await turnTo(workbench, 'entrada');
      await applySolution(other.workbench, 'entrada');
      await green(workbench);
      for (const each of [workbench, other.workbench])
        if ((await each.panel().locator('.notice-error').count()) > 0) throw new Error('A window shows a problem.');
    },
  ],
  [
    'the cluster dies: both say so; one starts it again, the other joins in, and nothing is lost',
    async ({ workbench, root, scratch, picture }) => {
      const other = theSecond();
      process.kill(clusterPid(root, scratch), 'SIGKILL');
      const start = (each: Workbench) => each.panel().getByRole('button', { name: 'Iniciar clúster' });
      for (const each of [workbench, other.workbench]) await start(each).waitFor();
      await start(workbench).click();
      await green(workbench);
      await start(other.workbench).click();
      await green(other.workbench);
      await picture('historia-dos-ventanas-primera');
      await other.picture('historia-dos-ventanas-segunda');
    },
  ],
  [
    'a window that is closed takes nothing from the other',
    async ({ workbench }) => {
      await theSecond().workbench.page.close();
      await applySolution(workbench, 'demo');
    },
  ],
];

function theSecond(): Window {
  if (!second) throw new Error('The second window has not been opened.');
  return second;
}

async function openLab(workbench: Workbench): Promise<void> {
  await workbench.treeItem(new RegExp(`^${lab}`)).click();
  await workbench.panel().getByRole('heading', { level: 1 }).waitFor();
}

async function green(workbench: Workbench): Promise<void> {
  await workbench.panel().locator('.step-head .mark-correcto, .step-head .mark-superado').waitFor();
}
