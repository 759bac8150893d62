// `npm run editor`: the extension in the real VS Code. First inside its extension host, then clicking as a person does.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { otherClustersStory, studentStory } from '../test/editor/clicks/student-story.ts';
import { launchBrowser } from './editor/browser.ts';
import { canaryStory } from './editor/canary-story.ts';
import { englishStory } from './editor/english-story.ts';
import { gradingStory } from './editor/grading-story.ts';
import { hostSuites, runHostSuite, type Tally } from './editor/host-suite.ts';
import { type Editor, EditorMissing, ensureEditor } from './editor/install.ts';
import { istioStory } from './editor/istio-story.ts';
import { noFolderStory } from './editor/no-folder-story.ts';
import { quietStory } from './editor/quiet-story.ts';
import { runReportsStory } from './editor/reports-story.ts';
import { runStory } from './editor/story.ts';
import { keyboardStory, mouseStory } from './editor/two-labs-story.ts';
import { twoWindowsStory } from './editor/two-windows-story.ts';
import { runViewsStory } from './editor/views-story.ts';

/** `only`: how the names of the parts begin; without it, those of `npm test`. */
export async function editorTests(root: string, only?: string): Promise<Tally> {
  let editor: Editor;
  try {
    editor = ensureEditor();
  } catch (error) {
    if (!(error instanceof EditorMissing)) throw error;
    console.error(`\n*** PRUEBAS EN EL EDITOR SIN HACER: ${error.message} ***\n`);
    // In CI what cannot be tested has failed.
    return { passed: 0, failed: process.env.CI ? 1 : 0 };
  }
  const browser = await launchBrowser(editor.browser);
  const total: Tally = { passed: 0, failed: 0 };
  const parts: Record<string, () => Promise<Tally>> = {
    ...Object.fromEntries(
      hostSuites.map(({ name, ...suite }) => [
        `host-${name}`,
        () => runHostSuite({ root, editor, browser, suite: name, ...suite }),
      ]),
    ),
    'clicks-otra-carpeta': () => runStory(quietStory, { root, editor, browser, witness: true }),
    'clicks-canary': () => runStory(canaryStory, { root, editor, browser }),
    'clicks-istio': () =>
      runStory([...istioStory, ...studentStory, ...otherClustersStory], { root, editor, browser, standIn: true }),
    vistas: () => runViewsStory({ root, browser }),
    'clicks-calificar': () => runStory(gradingStory, { root, editor, browser }),
    informes: () => runReportsStory({ root, browser }),
    'clicks-ingles': () => runStory(englishStory, { root, editor, browser, standIn: true, language: 'en' }),
    'clicks-sin-carpeta': () => runStory(noFolderStory, { root, editor, browser, folder: false, standIn: true }),
  };
  const old = (run: (oldest: Editor) => Promise<Tally>) => (): Promise<Tally> =>
    run(ensureEditor({ version: 'oldest' }));
  /** Only by name: they take minutes, or another VS Code, which is installed by the first of them. */
  const asked: Record<string, () => Promise<Tally>> = {
    'historia-raton': () => runStory(mouseStory, { root, editor, browser }),
    'historia-teclado': () => runStory(keyboardStory, { root, editor, browser }),
    'historia-ventanas': () => runStory(twoWindowsStory, { root, editor, browser }),
    'antiguo-canary': old((oldest) => runStory(canaryStory, { root, editor: oldest, browser })),
    // That one shows no dialog to its test driver.
    'antiguo-istio': old((oldest) =>
      runStory([...istioStory, ...studentStory], { root, editor: oldest, browser, standIn: true }),
    ),
    'antiguo-ingles': old((oldest) =>
      runStory(englishStory, { root, editor: oldest, browser, standIn: true, language: 'en' }),
    ),
  };
  const wanted = only
    ? Object.entries({ ...parts, ...asked }).filter(([name]) => name.startsWith(only))
    : Object.entries(parts);
  try {
    for (const [name, run] of wanted) {
      console.log(`\neditor: ${name}`);
      const { passed, failed } = await run();
      total.passed += passed;
      total.failed += failed;
    }
  } finally {
    await browser.close();
  }
  return total;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const at = args.indexOf('--tally');
  const file = at === -1 ? undefined : args.splice(at, 2)[1];
  const { passed, failed } = await editorTests(resolve(import.meta.dirname, '..'), args[0]);
  if (file) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ numPassedTests: passed, numFailedTests: failed }));
  }
  console.log(`editor: ${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
