// A story is a list of parts; each is a test that stands on those before it, so the first that fails ends it.
import type { Tally } from './host-suite.ts';
import { onStage, type Scene, type StageOptions } from './stage.ts';

export type Story = [title: string, part: (scene: Scene) => Promise<void>][];

export async function runStory(story: Story, options: StageOptions): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 };
  await onStage(options, async (scene) => {
    for (const [title, part] of story) {
      const start = Date.now();
      try {
        await part(scene);
        tally.passed += 1;
        console.log(`  ✓ ${title} (${Date.now() - start} ms)`);
      } catch (error) {
        console.log(`  ✗ ${title}\n${error instanceof Error ? error.stack : error}`);
        await scene.picture('fallo');
        break;
      }
    }
  });
  tally.failed = story.length - tally.passed;
  return tally;
}

export async function until(what: string, fact: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!fact()) {
    if (Date.now() > deadline) throw new Error(`Not in 10 s: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
