// The bundle of drawing.ts, loaded once and when first needed.

export type Drawing = typeof import('./drawing.ts');

let loaded: Drawing | undefined;

/** Undefined as long as nobody has needed it. */
export function drawingNow(): Drawing | undefined {
  return loaded;
}

export async function needDrawing(): Promise<Drawing> {
  loaded ??= await import('./drawing.ts');
  return loaded;
}
