// How a page of views gets its answers: from the panel's address, or through VS Code. Both speak views/protocol.ts.
import type { ViewName, ViewProblem, ViewReply, ViewRequests } from '../../views/protocol.ts';
import { t } from '../l10n.ts';

export type Ask = <Name extends ViewName>(
  view: Name,
  question: ViewRequests[Name]['question'],
) => Promise<ViewRequests[Name]['answer']>;

/** Why there is no answer, as Malla says it. */
export class AskError extends Error {
  readonly problem: ViewProblem;
  constructor(problem: ViewProblem) {
    super(problem.happened);
    this.problem = problem;
  }
}

interface VsCode {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCode;

/** Undefined at the panel's own address. */
export const vscode = typeof acquireVsCodeApi === 'function' ? acquireVsCodeApi() : undefined;

export function connectAsk(): Ask {
  let last = 0;
  const send = vscode ? throughVsCode(vscode) : throughHttp();
  return async (view, question) => {
    last += 1;
    const reply = await send({ id: last, view, question });
    if ('problem' in reply) throw new AskError(reply.problem);
    // Both ends are of one build, and the other end has checked the question against the same map.
    return reply.answer as never;
  };
}

type Send = (call: { id: number; view: ViewName; question: unknown }) => Promise<ViewReply>;

function throughVsCode(editor: VsCode): Send {
  const waiting = new Map<number, (reply: ViewReply) => void>();
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!isReply(data)) return;
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  return (call) =>
    new Promise((resolve) => {
      waiting.set(call.id, resolve);
      editor.postMessage(call);
    });
}

function throughHttp(): Send {
  const key = keyOfAddress();
  return async (call) => {
    try {
      const response = await fetch('/preguntas', {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(call),
      });
      const value: unknown = response.ok ? await response.json() : undefined;
      return isReply(value) ? value : { id: call.id, problem: response.status === 401 ? noKey : gone };
    } catch {
      return { id: call.id, problem: gone };
    }
  };
}

/** The key stays in this tab and leaves the address bar, so that it is not copied with it. */
function keyOfAddress(): string {
  const given = /^#clave=([\w-]+)$/.exec(location.hash)?.[1];
  if (given) {
    sessionStorage.setItem('clave', given);
    history.replaceState(null, '', location.pathname);
  }
  return given ?? sessionStorage.getItem('clave') ?? '';
}

function isReply(value: unknown): value is ViewReply {
  return typeof value === 'object' && value !== null && 'id' in value && ('answer' in value || 'problem' in value);
}

const noKey: ViewProblem = {
  code: 'MALLA-VIS-04',
  happened: t('Esta página no tiene la clave del panel.'),
  expected: t('Se abre con la dirección completa que escribe «malla panel».'),
  todo: t('Copia otra vez la dirección del terminal y ábrela.'),
};

const gone: ViewProblem = {
  code: 'MALLA-VIS-05',
  happened: t('El panel no contesta.'),
  expected: t('«malla panel» sigue en marcha en su terminal mientras miras las vistas.'),
  todo: t('Vuelve a lanzar «malla panel» y abre la dirección nueva.'),
};
