// A part of the page that is built again only when what it shows has changed, keeping the focus where it was.

export interface Section<Data> {
  readonly element: HTMLElement;
  show(data: Data): void;
}

/** Elements that can have the focus carry a `data-key` that is the same in the next build. */
export function section<Data>(
  element: HTMLElement,
  build: (data: Data, element: HTMLElement) => (Node | string)[],
): Section<Data> {
  let shown: string | undefined;
  return {
    element,
    show(data) {
      const next = JSON.stringify(data);
      if (next === shown) return;
      shown = next;
      const key = focusedKey(element);
      const parts = build(data, element);
      element.replaceChildren(...parts);
      element.hidden = parts.length === 0;
      if (key) element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
    },
  };
}

function focusedKey(element: HTMLElement): string | undefined {
  const focused = document.activeElement;
  return focused instanceof HTMLElement && element.contains(focused) ? focused.dataset.key : undefined;
}
