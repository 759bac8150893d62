// The page of a code: what it means, why it matters and what to do.
import { type Code, catalogue } from '../diagnosis/catalogue.ts';
import { inLanguage, t } from './say.ts';

/** Markdown. */
export function codePage(code: string): string {
  if (!isCode(code)) return `# ${code}\n\n${t('Malla no conoce este código.')}\n`;
  const { title, why, cure } = catalogue[code];
  return `# ${code}\n\n**${inLanguage(title)}.** ${inLanguage(why)}\n\n**${t('Qué hacer:')}** ${inLanguage(cure)}\n`;
}

function isCode(code: string): code is Code {
  return Object.hasOwn(catalogue, code);
}
