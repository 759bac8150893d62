// The other side of the window: typed messages out, state in, and what VS Code keeps over a reload.
import type { FromPanel, PanelState, SavedPanel } from './protocol.ts';

interface VsCode {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCode;

export interface PanelHost {
  send<Name extends keyof FromPanel>(message: Name, payload: FromPanel[Name]): void;
  saved(): SavedPanel | undefined;
  save(state: SavedPanel): void;
}

export function connectHost(listener: { state(state: PanelState): void; hint(): void }): PanelHost {
  const vscode = acquireVsCodeApi();
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!isRecord(data)) return;
    if (data.message === 'state' && isPanelState(data.state)) listener.state(data.state);
    if (data.message === 'hint') listener.hint();
  });
  return {
    send: (message, payload) => vscode.postMessage({ ...payload, message }),
    saved() {
      const state = vscode.getState();
      return isSaved(state) ? state : undefined;
    },
    save: (state) => vscode.setState(state),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Looks at the shape as far as drawing depends on it. */
export function isPanelState(value: unknown): value is PanelState {
  if (!isRecord(value)) return false;
  const { lab, pages, page, cluster, previous, folder } = value;
  return (
    isRecord(lab) &&
    typeof lab.id === 'string' &&
    Array.isArray(lab.objectives) &&
    Array.isArray(pages) &&
    pages.every((p) => isRecord(p) && typeof p.id === 'string' && typeof p.title === 'string') &&
    isRecord(page) &&
    typeof page.html === 'string' &&
    Array.isArray(page.checks) &&
    page.checks.every((c) => isRecord(c) && typeof c.id === 'string' && typeof c.mark === 'string') &&
    isRecord(cluster) &&
    Array.isArray(previous) &&
    isRecord(folder)
  );
}

function isSaved(value: unknown): value is SavedPanel {
  return isRecord(value) && typeof value.lab === 'string' && typeof value.page === 'string' && isRecord(value.hints);
}
