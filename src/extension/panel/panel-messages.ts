// What each message of a panel needs and does. A message that changes something passes the gate first.
import * as vscode from 'vscode';
import type { FromPanel, Message } from '../../webview/protocol.ts';
import { openFolder } from '../actions/work-folder.ts';
import { commandId } from '../commands/command-table.ts';
import { type Gate, manageTrust, type Needs } from '../gate.ts';
import type { LabSessions } from '../lab-sessions.ts';
import type { LabWork } from '../lab-work.ts';
import type { LabPanel } from './lab-panel.ts';

type MessageName = keyof FromPanel;

const reading: Needs = { reads: true, withoutCluster: 'works' };
const writing: Needs = { reads: false, withoutCluster: 'works' };
const onCluster: Needs = { reads: false, withoutCluster: 'offers' };

const needs: Record<MessageName, Needs> = {
  ready: reading,
  show: reading,
  copy: reading,
  revealSolution: reading,
  choose: reading,
  respond: reading,
  openLab: reading,
  openFolder: reading,
  manageTrust: reading,
  create: writing,
  startCluster: { reads: false, withoutCluster: 'starts' },
  run: onCluster,
  apply: onCluster,
  openCause: reading,
  verify: onCluster,
  applySolution: onCluster,
  prepare: onCluster,
  openTerminal: onCluster,
  retry: writing,
  traffic: onCluster,
};

export interface PanelMessagesOptions {
  gate: Gate;
  work: LabWork;
  sessions: LabSessions;
}

export function createPanelMessages({ gate, work, sessions }: PanelMessagesOptions) {
  return async (message: Message<FromPanel>, panel: LabPanel): Promise<void> => {
    if (!(await gate.passes(needs[message.message]))) return;
    switch (message.message) {
      case 'ready':
        return;
      case 'show':
        return hasPage(sessions, panel.lab, message.page) ? panel.reveal(message.page) : undefined;
      case 'create':
      case 'run':
        return work.act(panel.lab, message.page, message.action);
      case 'apply':
        return work.apply(panel.lab, message.page, message.action);
      case 'openCause':
        return work.openCause(panel.lab, message.page, message.check);
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'verify':
        return work.verify(panel.lab, message.page);
      case 'choose':
        return sessions.of(panel.lab)?.choose(message.page, message.question, message.chosen);
      case 'respond':
        return sessions.of(panel.lab)?.respond(message.page, message.check, message.text);
      case 'revealSolution':
        return panel.showSolution();
      case 'applySolution':
        return work.applySolution(panel.lab, message.page);
      case 'prepare':
        return work.prepare(panel.lab);
      case 'startCluster':
        await vscode.commands.executeCommand(commandId('startCluster'));
        return;
      case 'openTerminal':
        return work.openTerminal(panel.lab);
      case 'openFolder':
        return openFolder();
      case 'manageTrust':
        return manageTrust();
      case 'openLab':
        await vscode.commands.executeCommand(commandId('openLab'), message.lab);
        return;
      case 'traffic':
        return sessions.of(panel.lab)?.setTraffic(message.flow);
      case 'retry':
        return sessions.retry(panel.lab);
    }
  };
}

function hasPage(sessions: LabSessions, lab: string, page: string): boolean {
  return page === '' || (sessions.of(lab)?.lab.steps.some(({ id }) => id === page) ?? false);
}
