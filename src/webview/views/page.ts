// What each page of views is to the frame around it.
import type { Ask } from './ask.ts';

export interface PageContext {
  ask: Ask;
  /** Tells a screen reader. */
  say(text: string): void;
}

export interface Page {
  /** In the address of the tab and in the messages of VS Code. */
  id: string;
  title: string;
  /** Called once, the first time the page is shown. */
  open(context: PageContext): PageView;
}

export interface PageView {
  element: HTMLElement;
  /** In view from now on: time to ask again and to keep asking. */
  show?(): void;
  hide?(): void;
}
