// What a panel may ask, validated: the panel shows text written by others.
import * as z from 'zod';
import type { FromPanel, Message } from '../../webview/protocol.ts';

const id = z.string().max(200);
const index = z.int().min(0).max(1000);

const makeShapes = () =>
  ({
    ready: z.object({}),
    show: z.object({ page: id }),
    create: z.object({ page: id, action: index }),
    run: z.object({ page: id, action: index }),
    apply: z.object({ page: id, action: index }),
    openCause: z.object({ page: id, check: id }),
    copy: z.object({ text: z.string().max(100_000) }),
    verify: z.object({ page: id }),
    choose: z.object({ page: id, question: id, chosen: z.array(z.int().min(0).max(25)).max(26) }),
    respond: z.object({ page: id, check: id, text: z.string().max(500) }),
    revealSolution: z.object({ page: id }),
    applySolution: z.object({ page: id }),
    prepare: z.object({}),
    startCluster: z.object({}),
    openTerminal: z.object({}),
    openFolder: z.object({}),
    manageTrust: z.object({}),
    openLab: z.object({ lab: id }),
    retry: z.object({}),
    traffic: z.object({ flow: z.boolean() }),
  }) satisfies { [Name in keyof FromPanel]: z.ZodType<FromPanel[Name]> };

let shapes: ReturnType<typeof makeShapes> | undefined;

/** Undefined for a message that is unknown or malformed: it is ignored. */
export function readFromPanel(value: unknown): Message<FromPanel> | undefined {
  shapes ??= makeShapes();
  const named = z.object({ message: z.string() }).safeParse(value);
  if (!named.success || !Object.hasOwn(shapes, named.data.message)) return undefined;
  const message = named.data.message as keyof FromPanel;
  const read = shapes[message].safeParse(value);
  // The name was looked up in the same table as the payload's shape.
  return read.success ? ({ ...read.data, message } as Message<FromPanel>) : undefined;
}

const saved = z.lazy(() => z.object({ lab: id, page: id }));

/** What VS Code kept of a panel over a reload; undefined when it is not ours. */
export function readSaved(value: unknown): { lab: string; page: string } | undefined {
  return saved.safeParse(value).data;
}
