// The questions of a lab's text: a list of `[ ]` and `[x]` answers becomes buttons, and the explanation waits for one.
import { h } from './element.ts';

/** `say` is told whether an answer is right. */
export function enliven(element: HTMLElement, say: (text: string) => void): void {
  for (const question of element.querySelectorAll<HTMLElement>('aside.pregunta')) {
    const answers = [...question.querySelectorAll('li')].flatMap((item) => {
      const answer = readAnswer(item);
      return answer ? [answer] : [];
    });
    if (answers.length > 0) ask(question, answers, say);
  }
}

interface Answer {
  item: HTMLElement;
  right: boolean;
}

/** Takes the mark off the text. */
function readAnswer(item: HTMLElement): Answer | undefined {
  const first = item.firstChild?.nodeName === 'P' ? item.firstChild.firstChild : item.firstChild;
  const mark = /^\[([ x])\]\s+/.exec(first?.textContent ?? '');
  if (!first || !mark) return undefined;
  first.textContent = (first.textContent ?? '').slice(mark[0].length);
  return { item, right: mark[1] === 'x' };
}

function ask(question: HTMLElement, answers: readonly Answer[], say: (text: string) => void): void {
  const list = answers[0]?.item.parentElement;
  list?.classList.add('respuestas');
  const explanation = [...question.children].filter(
    (child): child is HTMLElement =>
      child instanceof HTMLElement && list !== null && list !== undefined && isAfter(child, list),
  );
  for (const part of explanation) part.hidden = true;
  for (const { item, right } of answers) {
    const button = h('button', { type: 'button', class: 'respuesta', 'aria-pressed': 'false' }, ...item.childNodes);
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', 'true');
      button.classList.add(right ? 'bien' : 'mal');
      say(right ? 'Respuesta correcta' : 'Respuesta incorrecta; prueba con otra');
      if (right) for (const part of explanation) part.hidden = false;
    });
    item.replaceChildren(button);
  }
}

function isAfter(element: Node, reference: Node): boolean {
  return (reference.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}
