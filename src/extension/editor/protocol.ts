// What the editor asks of its language worker, and what goes between them: one typed map. No `vscode`, no code.
import type { Completion } from '../../language/completion.ts';
import type { FileEdit, Problem } from '../../language/diagnostics/problem.ts';
import type { RouteName } from '../../language/explain-route.ts';
import type { Hover } from '../../language/hover.ts';
import type { Location, Renaming } from '../../language/navigation.ts';
import type { Probe } from '../../language/preview/probes.ts';
import type { WrittenRoute } from '../../language/routes-in-file.ts';
import type { Position } from '../../language/text.ts';

interface At {
  uri: string;
  position: Position;
}

export interface Questions {
  complete: { question: At; answer: Completion[] };
  hover: { question: At; answer: Hover | undefined };
  definitions: { question: At; answer: Location[] };
  references: { question: At & { withDefinition: boolean }; answer: Location[] };
  renaming: { question: At; answer: Renaming | undefined };
  rename: { question: At & { name: string }; answer: { edits: FileEdit[] } | { refusal: string } };
  problems: { question: { uri: string }; answer: Problem[] };
  /** Markdown. */
  codePage: { question: { code: string }; answer: string };
  routes: { question: { uri: string }; answer: WrittenRoute[] };
  /** Requests worth explaining. */
  probes: { question: { uri: string; route?: RouteName }; answer: Probe[] };
  /** Markdown. */
  explain: { question: { uri: string; probe: Probe }; answer: string };
  /** Markdown; undefined for a file without objects. */
  preview: { question: { uri: string }; answer: string | undefined };
}

export type QuestionName = keyof Questions;

export interface Ask<Name extends QuestionName = QuestionName> {
  id: number;
  ask: Name;
  question: Questions[Name]['question'];
}

/** Offsets and lengths in UTF-16 units, to be made one after the other. */
export interface TextChange {
  offset: number;
  length: number;
  text: string;
}

/** What the worker is told; it does not answer. */
export type Tell =
  | { tell: 'opened'; uri: string; text: string }
  | { tell: 'changed'; uri: string; changes: readonly TextChange[] }
  | { tell: 'closed'; uri: string }
  /** Of the disk; symbolic links to folders are not followed. */
  | { tell: 'folders'; paths: readonly string[] }
  | { tell: 'filesChanged'; paths: readonly string[] }
  /** Undefined: none runs, or the workspace is not trusted. */
  | { tell: 'cluster'; access: ClusterToRead | undefined };

export interface ClusterToRead {
  kubeconfig: string;
  entry?: string;
}

export interface WorkerStart {
  /** What runs `malla`: the editor's own program and the path of dist/malla.mjs. */
  nodePath: string;
  entry: string;
  env: Record<string, string | undefined>;
}

/** What the worker begins with. */
export interface WorkerData extends WorkerStart {
  /** What the help says, in the language of the editor: see language/say.ts. */
  texts: Readonly<Record<string, string>>;
  language: string;
}

export type FromWorker =
  | { id: number; answer: unknown }
  | { id: number; failure: string }
  /** What is known has changed: problems may be others. */
  | { note: 'known' }
  /** Files of the folder are still being read, or no more. */
  | { note: 'reading'; files: number; done: boolean; left: number };
