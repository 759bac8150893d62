// What the verbs about kinds of cluster answer, validated.
import * as z from 'zod';
import type { Problem } from '../../webview/protocol.ts';

const kindStatus = z.lazy(() => z.object({ state: z.enum(['en marcha', 'parado', 'no hay']), name: z.string() }));

/** `malla kind estado --json`. */
export function readKindStatus(value: unknown): z.infer<typeof kindStatus> | undefined {
  return kindStatus.safeParse(value).data;
}

const preflight = z.lazy(() =>
  z.object({
    able: z.boolean(),
    nodes: z.number(),
    findings: z.array(
      z.object({
        level: z.enum(['bien', 'aviso', 'grave']),
        title: z.string(),
        code: z.string().optional(),
        means: z.string().optional(),
        cure: z.string().optional(),
      }),
    ),
  }),
);

/** `malla kind comprobar --json`. */
export function readPreflight(value: unknown): z.infer<typeof preflight> | undefined {
  return preflight.safeParse(value).data;
}

const contexts = z.lazy(() =>
  z.object({
    contexts: z.array(
      z.object({
        name: z.string(),
        current: z.boolean(),
        server: z.string(),
        user: z.string(),
        held: z.array(z.string()),
      }),
    ),
  }),
);

/** `malla kubeadm contextos --json`. */
export function readContexts(value: unknown): z.infer<typeof contexts>['contexts'] | undefined {
  return contexts.safeParse(value).data?.contexts;
}

const look = z.lazy(() =>
  z.object({
    context: z.string(),
    server: z.string(),
    /** What is seen, and what joining would do, as text. */
    told: z.string(),
    survey: z.object({ production: z.array(z.string()) }),
    place: z.unknown().optional(),
    refusal: z.object({ code: z.string(), happened: z.string(), todo: z.string() }).optional(),
  }),
);

export type Look = z.infer<typeof look>;

/** `malla kubeadm mirar --json`. */
export function readLook(value: unknown): Look | undefined {
  return look.safeParse(value).data;
}

/** Dangers of a kubeconfig that have to be agreed to by name; none when the problem is another. */
export function dangersOf({ todo }: Problem): string[] {
  return [...new Set([...todo.matchAll(/--acepto (MALLA-KCF-2\d)/g)].map(([, code]) => code ?? ''))];
}

/** `[ 30 %] Preparando los nodos…`; undefined for any other line. */
export function readPhase(line: string): { percent: number; title: string } | undefined {
  const [, percent, title] = /^\[\s*(\d{1,3}) %\] (.+)$/.exec(line) ?? [];
  return percent === undefined || title === undefined ? undefined : { percent: Number(percent), title };
}
