// The messages between the lab panel and the extension: one typed map per direction. Both sides import this file and
// neither trusts the other: the extension validates with zod (panel/incoming.ts), the panel by hand (incoming.ts).
import type { Verdict, VerdictState } from '../checks/verdict.ts';

/** What the extension tells the panel. */
export interface ToPanel {
  /** Everything the panel shows. Sent whole whenever any of it changes. */
  state: { state: PanelState };
  /** Unfold the next hint of the step in view. */
  hint: object;
}

/** What the panel asks of the extension. */
export interface FromPanel {
  ready: object;
  show: { page: string };
  create: { page: string; action: number };
  run: { page: string; action: number };
  /** Creates the file if it is not there, and applies it as the student has it. */
  apply: { page: string; action: number };
  /** Opens the file of the student where the cause of a verdict is. */
  openCause: { page: string; check: string };
  copy: { text: string };
  verify: { page: string };
  /** Answers a question of the page: the chosen options, from 0. */
  choose: { page: string; question: string; chosen: number[] };
  /** Answers a check that asks for a typed answer. */
  respond: { page: string; check: string; text: string };
  revealSolution: { page: string };
  applySolution: { page: string };
  prepare: object;
  startCluster: object;
  openTerminal: object;
  openFolder: object;
  manageTrust: object;
  openLab: { lab: string };
  retry: object;
  /** Makes the lab's stream of requests flow, or stops it. */
  traffic: { flow: boolean };
}

/** A message as it travels: the name beside its payload. */
export type Message<Map> = { [Name in keyof Map]: { message: Name } & Map[Name] }[keyof Map];

/** What VS Code keeps of a panel over a reload. */
export interface SavedPanel {
  lab: string;
  page: string;
  /** Page → how many of its hints are unfolded. */
  hints: Record<string, number>;
  /** How far down the page was, in pixels. */
  scroll?: number;
}

export type CheckMark = 'pendiente' | 'comprobando' | VerdictState;
export type StepMark = CheckMark | 'superado';
export type ClusterState = 'desconocido' | 'parado' | 'arrancando' | 'en marcha' | 'parando';

/** The id of the page before the first step. No step can have it. */
export type IntroductionPage = '';

export interface PanelState {
  lab: { id: string; title: string; chapter: boolean; minutes: number; objectives: string[] };
  pages: { id: string; title: string; mark: StepMark; verifiable: boolean }[];
  page: PageState;
  /** `name`: how people call it. */
  cluster: { state: ClusterState; name: string; simulated: boolean; entry?: string };
  /** Undefined when the lab sends no traffic of its own, or nobody watches it. */
  traffic?: TrafficState;
  /** Labs this one starts from, with how many of their steps are done. */
  previous: { id: string; title: string; done: boolean }[];
  /** Shown when every step is done. */
  next?: { id: string; title: string };
  folder: { kind: 'abierta' | 'temporal' | 'ninguna'; path: string };
  trusted: boolean;
  /** What the extension is doing for this lab, in Spanish; buttons that change things wait meanwhile. */
  busy?: string;
  problem?: Problem;
}

/** The stream of requests that a lab keeps. */
export interface TrafficState {
  /** Requests per second; 0 when it is stopped. */
  rate: number;
  /** Why it is of no use now, in Spanish. */
  trouble?: string;
}

export interface PanelCheck {
  id: string;
  title: string;
  mark: CheckMark;
  verdict?: Verdict;
  /** Of a check that asks for a typed answer. */
  asks?: { question: string; typed: string };
}

export interface PageState {
  id: string;
  title: string;
  /** Sanitised by the lab renderer: HTML of the author is off there. */
  html: string;
  hasHints: boolean;
  solution: 'no hay' | 'oculta' | { html: string };
  /** Question → chosen options, of those that were answered. */
  answers: Record<string, readonly number[]>;
  checks: PanelCheck[];
}

/** The errors of Malla, as its command line says them. */
export interface Problem {
  code: string;
  happened: string;
  expected: string;
  todo: string;
}
