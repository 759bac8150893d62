// Help on Istio's YAML as a person sees it: in a folder of their own, with a stand-in for `malla`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { bookinfoYaml, canaryYaml, gatewayYaml, subsetsYaml } from '../../src/language/fixtures.ts';
import { noBarriers } from './axe.ts';
import { openFile } from './moves.ts';
import { type Story, until } from './story.ts';
import type { ThemeName, Workbench } from './workbench.ts';
import { fitsAtDoubleZoom } from './zoom.ts';

const themes: ThemeName[] = ['oscuro', 'claro', 'contraste'];
const patience = { timeout: 120_000 };

const route = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
    - reviews
  http:
    - match:
        - headers:
            end-user:
              exact: jason
      route:
        - destination:
            host: reviews
            subset: v2
    - route:
        - destination:
            host: reviews
            subset: v1
          weight: 90
        - destination:
            host: reviews
            subset: v2
          weight: 10
`;

export const istioStory: Story = [
  [
    'a VirtualService opened from a folder has its lenses, and what is wrong with it is underlined',
    async ({ workbench, folder, scratch, picture }) => {
      for (const [name, text] of Object.entries({ bookinfo: bookinfoYaml, gateway: gatewayYaml, subsets: subsetsYaml }))
        writeFileSync(join(folder, `${name}.yaml`), text);
      const wrong = canaryYaml.replace('weight: 90', 'weight: 60').replace('subset: v2', 'subset: v3');
      writeFileSync(join(folder, 'canary.yaml'), wrong.replace('  hosts:', '  gatewais: [a]\n  hosts:'));
      writeFileSync(join(folder, 'reviews.yaml'), route);
      const host = 'reviews.default.svc.cluster.local';
      const destinations = [
        { host, subset: 'v2', requests: 24 },
        { host, subset: 'v1', requests: 178 },
      ];
      const measured = { route: 'reviews', namespace: 'default', sent: 200, unanswered: 0, milliseconds: 800 };
      writeFileSync(join(scratch, 'medir.json'), JSON.stringify({ ...measured, destinations }));
      await openFile(workbench, 'canary.yaml');
      await lens(workbench, 'Medir reparto').waitFor(patience);
      await workbench.page.locator('.squiggly-error').first().waitFor(patience);
      await picture('9-istio-problemas');
    },
  ],
  [
    'the list of problems leads to the page of a code',
    async ({ workbench, picture }) => {
      const { page } = workbench;
      await workbench.command('View: Focus Problems');
      const link = page.locator('.markers-panel').getByText('MALLA-YML-02').first();
      await link.waitFor(patience);
      await picture('9-istio-lista');
      await link.click({ modifiers: ['Control'] });
      await drawn(workbench).getByText('Ese campo no existe').first().waitFor(patience);
      await picture('9-istio-codigo');
      await workbench.command('View: Close Editor');
      await workbench.command('View: Toggle Panel Visibility');
    },
  ],
  [
    'a quick fix mends the line under the cursor',
    async ({ workbench, picture }) => {
      const { page } = workbench;
      await openFile(workbench, 'canary.yaml');
      await goToLine(page, 6);
      await page.keyboard.press('Home');
      await pressUntil(page, 'Control+.', page.locator('.action-widget').getByText(/Cambiar por «gateways»/));
      await picture('9-istio-arreglo');
      await page.keyboard.press('Enter');
      await page.locator('.view-line', { hasText: 'gateways:' }).waitFor(patience);
      await page.keyboard.press('Control+S');
    },
  ],
  [
    'completion offers the subsets of the host, and a hover says what a field means',
    async ({ workbench, picture }) => {
      const { page } = workbench;
      await openFile(workbench, 'reviews.yaml');
      await goToLine(page, 20);
      await page.keyboard.press('End');
      await page.keyboard.press('Backspace');
      await page.keyboard.press('Backspace');
      await pressUntil(page, 'Control+Space', page.locator('.suggest-widget.visible .monaco-list-row').first());
      await picture('9-istio-completar');
      await page.keyboard.press('Escape');
      await workbench.command('File: Revert File');
      await page.locator('.view-line span', { hasText: 'weight' }).last().hover();
      await page.locator('.monaco-hover', { hasText: 'Cuenta frente a la suma' }).waitFor(patience);
      await picture('9-istio-significado');
      await page.keyboard.press('Escape');
    },
  ],
  [
    'a lens above a VirtualService, pressed with the mouse, asks the engine where a request goes, with the line of each decision',
    async (scene) => {
      const { workbench, root, picture } = scene;
      const { page } = workbench;
      await openFile(workbench, 'reviews.yaml');
      // Lenses stand above the first line.
      await page.keyboard.press('Control+Home');
      const jason = page.locator('.quick-input-list .monaco-list-row', { hasText: 'jason' }).first();
      await pressLens(workbench, 'Explicar una petición', jason);
      await jason.click();
      await drawn(workbench).getByText('reviews.yaml:9').first().waitFor(patience);
      await noBarriers('a request explained', await workbench.panelFrame(), root);
      await picture('9-istio-peticion');
      await fitsAtDoubleZoom('a request explained', scene, '9-istio-peticion-zoom');
      await workbench.command('View: Close Editor');
    },
  ],
  [
    'before applying, a page tells which requests would go elsewhere',
    async (scene) => {
      const { workbench, root, picture } = scene;
      const { page } = workbench;
      await openFile(workbench, 'reviews.yaml');
      await goToLine(page, 21);
      await page.keyboard.press('End');
      await page.keyboard.press('Backspace');
      await page.keyboard.press('Backspace');
      await page.keyboard.type('30');
      await workbench.command('Malla: Ver qué cambiaría al aplicar');
      await drawn(workbench).getByText('Peticiones que cambian').waitFor(patience);
      for (const theme of themes) {
        await workbench.theme(theme);
        await noBarriers(`what a change would do, ${theme}`, await workbench.panelFrame(), root);
        await picture(`9-istio-cambio-${theme}`);
      }
      await fitsAtDoubleZoom('what a change would do', scene, '9-istio-cambio-zoom');
      await workbench.command('View: Close Editor');
      await workbench.command('File: Revert File');
    },
  ],
  [
    'the share that each weight has really had stands beside it',
    async ({ workbench, picture }) => {
      const { page } = workbench;
      await openFile(workbench, 'reviews.yaml');
      await workbench.command('Malla: Iniciar clúster');
      await workbench.statusBar(/Clúster en marcha/).waitFor(patience);
      await workbench.command('Malla: Medir el reparto de un VirtualService');
      await until60('the share is beside the weight', async () =>
        (await afterTexts(page)).some((text) => text.includes('medido: 88,1 % (178 de 202)')),
      );
      for (const theme of themes) {
        await workbench.theme(theme);
        await picture(`9-istio-reparto-${theme}`);
      }
    },
  ],
  [
    'everything is in the palette too, and applying shows its command in a terminal',
    async ({ workbench, scratch }) => {
      await openFile(workbench, 'reviews.yaml');
      await workbench.command('Malla: Aplicar el fichero de Istio');
      await workbench.page.locator('.terminal-wrapper').first().waitFor(patience);
      const calls = readFileSync(join(scratch, 'calls.log'), 'utf8');
      await until('the objects of the cluster were read', () => calls.includes('hechos --kubeconfig'));
    },
  ],
];

async function goToLine(page: Page, line: number): Promise<void> {
  await page.keyboard.press('Control+G');
  await page.locator('.quick-input-widget input[type="text"]').fill(`:${line}`);
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/** A busy editor may lose a key that comes while another is being obeyed. */
async function pressUntil(page: Page, key: string, shown: Locator): Promise<void> {
  for (let tries = 0; tries < 6; tries += 1) {
    await page.keyboard.press(key);
    if (
      await shown.waitFor({ timeout: 20_000 }).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error(`${key} shows nothing.`);
}

/**
 * With the mouse. The editor runs a lens when the button goes down; lenses that are drawn anew at that moment miss it, so it
 * is pressed again until what it shows is there.
 */
async function pressLens(workbench: Workbench, title: string, shown: Locator): Promise<void> {
  const { page } = workbench;
  const found = lens(workbench, title);
  await found.waitFor(patience);
  for (let tries = 0; tries < 8; tries += 1) {
    const box = await found.boundingBox();
    if (!box) continue;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 3 });
    await page.mouse.down();
    await page.waitForTimeout(100);
    await page.mouse.up();
    if (
      await shown.waitFor({ timeout: 20_000 }).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error(`The lens «${title}» shows nothing.`);
}

function lens({ page }: Workbench, title: string) {
  return page.locator('.codelens-decoration a:visible', { hasText: title }).first();
}

function drawn({ page }: Workbench): FrameLocator {
  return page.frameLocator('iframe.webview.ready:visible').last().frameLocator('#active-frame');
}

/** What decorations write after the text of lines. */
function afterTexts(page: Page): Promise<string[]> {
  return page
    .locator('.view-line span span')
    .evaluateAll((spans) => spans.map((span) => getComputedStyle(span, '::after').content));
}

async function until60(what: string, fact: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await fact())) {
    if (Date.now() > deadline) throw new Error(`Not in 60 s: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
