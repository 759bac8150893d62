// A scene for a story: an editor with an empty folder and a cluster of its own, of which nothing is left behind.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { countInputs, type Inputs } from './inputs.ts';
import type { Editor } from './install.ts';
import { quietSettings, startEditorServer } from './server.ts';
import { createWitness, type Witness } from './witness.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

export interface StageOptions {
  root: string;
  editor: Editor;
  browser: Browser;
  /** False: the window opens without a folder. */
  folder?: boolean;
  /** Puts a witness in the extension host. */
  witness?: boolean;
  /** Of the editor; Spanish if it is not said. */
  language?: string;
  /** False: folders ask for trust, as they do for a person. */
  trustAll?: boolean;
  /** True: the stand-in of test/editor/fixtures takes the place of `malla`. */
  standIn?: boolean;
}

export interface Scene {
  /** The repository. */
  root: string;
  workbench: Workbench;
  /** The student's folder. */
  folder: string;
  /** A folder of the test's own; the stand-in's files are there. */
  scratch: string;
  /** What has been used of the keyboard and the mouse since the window opened. */
  inputs: Inputs;
  /** Throws when the scene has none. */
  witness(): Witness;
  /** Saves a picture of the window under out/pictures. */
  picture(name: string): Promise<void>;
  /** A second window of the same person, on another folder, which is empty. It stays open as long as the first. */
  another(name: string): Promise<Pick<Scene, 'workbench' | 'folder' | 'picture'>>;
}

export async function onStage(options: StageOptions, play: (scene: Scene) => Promise<void>): Promise<void> {
  const { root, editor, browser, folder: withFolder = true, standIn = false } = options;
  const scratch = mkdtempSync(join(tmpdir(), 'malla-clicks-'));
  const folder = join(scratch, 'alumno');
  const out = join(root, 'out/pictures');
  mkdirSync(folder);
  mkdirSync(out, { recursive: true });
  const env = {
    MALLA_HOME: join(scratch, 'malla'),
    SHELL: '/bin/bash',
    ...(standIn
      ? {
          MALLA_TEST_PROGRAM: join(root, 'test/editor/fixtures/malla-stand-in.mjs'),
          MALLA_TEST_SCRATCH: scratch,
        }
      : {}),
  };
  const witness = options.witness ? createWitness(root, scratch) : undefined;
  const server = await startEditorServer({
    editor,
    ...(witness ? { beside: [witness.vsix] } : {}),
    extension: root,
    // An installed extension takes no stand-in.
    as: standIn ? 'developed' : 'installed',
    trustAll: options.trustAll ?? true,
    env: { ...env, ...witness?.env },
    settings: quietSettings,
  });
  const pages: Page[] = [];
  const newPage = async (): Promise<Page> => {
    const made = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    pages.push(made);
    // A machine that is busy with other things is not the subject of any story.
    made.setDefaultTimeout(180_000);
    return made;
  };
  const pictureOf =
    (page: Page) =>
    async (name: string): Promise<void> => {
      // Whatever is fading away has gone by then.
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(out, `${name}.png`) });
    };
  try {
    const page = await newPage();
    const inputs = await countInputs(page);
    const address = server.address(withFolder ? { folder } : {});
    const workbench = await openWorkbench(page, address, options.language);
    await play({
      root,
      inputs,
      workbench,
      folder,
      scratch,
      picture: pictureOf(page),
      async another(name) {
        const own = join(scratch, name);
        mkdirSync(own);
        const second = await newPage();
        return {
          workbench: await openWorkbench(second, server.address({ folder: own }), options.language),
          folder: own,
          picture: pictureOf(second),
        };
      },
      witness() {
        if (!witness) throw new Error('This scene has no witness.');
        return witness;
      },
    });
  } finally {
    for (const page of pages) await page.close();
    await server.stop();
    spawnSync(process.execPath, [join(root, 'dist/malla.mjs'), 'cluster', 'borrar', '--json'], {
      env: { ...process.env, ...env },
      timeout: 30_000,
    });
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
