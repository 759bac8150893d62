// /version, and the health endpoints.
import { type ApiReply, type ApiRequest, jsonReply, textReply } from './request.ts';

/** `+malla` tells clients that this is the simulator. */
export const gitVersion = 'v1.34.4+malla';

export function versionReply(): ApiReply {
  const version = {
    major: '1',
    minor: '34',
    emulationMajor: '1',
    emulationMinor: '34',
    minCompatibilityMajor: '1',
    minCompatibilityMinor: '33',
    gitVersion,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: `node ${process.version}`,
    compiler: 'v8',
    platform: `${process.platform}/${process.arch}`,
  };
  // For people, whoever asks.
  return { ...jsonReply(version), body: JSON.stringify(version, null, 2) };
}

const checks = ['ping', 'log', 'etcd', 'informer-sync'];

/** It answers, so it is well: there is no start-up left to wait for once the port is open. */
export function healthReply(request: ApiRequest, segments: string[]): ApiReply | undefined {
  const [endpoint = '', check] = segments;
  if (check !== undefined) return checks.includes(check) ? textReply('ok') : undefined;
  if (!request.query.has('verbose')) return textReply('ok');
  return textReply(`${checks.map((c) => `[+]${c} ok\n`).join('')}${endpoint} check passed\n`);
}
