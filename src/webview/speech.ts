// A live region: what it says is read aloud by screen readers.

/** Saying the same twice is heard twice. */
export function createSpeech(region: HTMLElement): (text: string) => void {
  return (text) => {
    region.textContent = region.textContent === text ? `${text}\u00a0` : text;
  };
}
