// Lines of a student's text, numbered, with those that matter marked.
import { type Markup, markup } from './markup.ts';

/** `marked`: numbers of lines. The marked ones are told to who listens, too. `label` names the block. */
export function codeBlock(label: string, lines: readonly string[], from: number, marked: readonly number[]): Markup {
  const last = from + lines.length - 1;
  const width = String(last).length;
  const shown = lines.map((line, i) => {
    const no = from + i;
    const text = markup`<span class="no">${String(no).padStart(width)} </span>${line}`;
    return marked.includes(no) ? markup`<mark>${text}</mark>` : markup`${text}\n`;
  });
  return markup`<pre tabindex="0" role="group" aria-label="${label}"><code>${shown}</code></pre>`;
}
