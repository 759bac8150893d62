// The questions of a lab's text: a list of `[ ]` and `[x]` answers becomes buttons, and the explanation waits for a right
// answer. What is answered is told, and what was answered before is shown again.
import { h } from './element.ts';
import { t } from './l10n.ts';

export interface QuestionListener {
  /** Options that the student has chosen, from 0. */
  onChoose(question: string, chosen: number[]): void;
  /** Says something aloud. */
  say(text: string): void;
}

export type Answers = Readonly<Record<string, readonly number[]>>;

/** Gives life to the questions inside `element`; `answers` are those of before. */
export function enliven(element: HTMLElement, answers: Answers, listener: QuestionListener): void {
  for (const question of element.querySelectorAll<HTMLElement>('aside.pregunta')) {
    const options = [...question.querySelectorAll('li')].flatMap((item) => {
      const option = readOption(item);
      return option ? [option] : [];
    });
    if (options.length > 0) ask(question, options, answers[question.dataset.question ?? ''] ?? [], listener);
  }
}

interface Option {
  item: HTMLElement;
  right: boolean;
}

/** Takes the mark off the text. */
function readOption(item: HTMLElement): Option | undefined {
  const first = item.firstChild?.nodeName === 'P' ? item.firstChild.firstChild : item.firstChild;
  const mark = /^\[([ x])\]\s+/.exec(first?.textContent ?? '');
  if (!first || !mark) return undefined;
  first.textContent = (first.textContent ?? '').slice(mark[0].length);
  return { item, right: mark[1] === 'x' };
}

function ask(
  question: HTMLElement,
  options: readonly Option[],
  before: readonly number[],
  listener: QuestionListener,
): void {
  const list = options[0]?.item.parentElement;
  list?.classList.add('respuestas');
  const explanation = [...question.children].filter(
    (child): child is HTMLElement =>
      child instanceof HTMLElement && list !== null && list !== undefined && isAfter(child, list),
  );
  const several = options.filter((o) => o.right).length > 1;
  const buttons = options.map(({ item }) => {
    const button = h('button', { type: 'button', class: 'respuesta', 'aria-pressed': 'false' }, ...item.childNodes);
    item.replaceChildren(button);
    return button;
  });
  const pressed = (): number[] =>
    buttons.flatMap((button, i) => (button.getAttribute('aria-pressed') === 'true' ? [i] : []));
  const isRight = (chosen: readonly number[]): boolean => options.every((o, i) => o.right === chosen.includes(i));

  /** Draws a judged answer. */
  const show = (chosen: readonly number[]): void => {
    for (const [i, button] of buttons.entries()) {
      button.setAttribute('aria-pressed', String(chosen.includes(i)));
      button.classList.toggle('bien', chosen.includes(i) && options[i]?.right === true);
      button.classList.toggle('mal', chosen.includes(i) && options[i]?.right === false);
    }
    for (const part of explanation) part.hidden = !isRight(chosen);
  };
  const answer = (chosen: number[]): void => {
    show(chosen);
    const right = isRight(chosen);
    listener.say(
      right
        ? t('Respuesta correcta')
        : several
          ? t('Todavía no: marca todas las buenas y ninguna mala')
          : t('Respuesta incorrecta; prueba con otra'),
    );
    listener.onChoose(question.dataset.question ?? '', chosen);
  };

  for (const [i, button] of buttons.entries()) {
    button.addEventListener('click', () => {
      if (!several) return answer([i]);
      button.setAttribute('aria-pressed', String(!pressed().includes(i)));
      button.classList.remove('bien', 'mal');
    });
  }
  if (several) {
    const done = h('button', { type: 'button', class: 'secondary' }, t('Comprobar las marcadas'));
    done.addEventListener('click', () => answer(pressed()));
    list?.after(h('p', { class: 'comprobar' }, `${t('Hay más de una respuesta buena.')} `, done));
  }
  show(before);
}

function isAfter(element: Node, reference: Node): boolean {
  return (reference.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}
