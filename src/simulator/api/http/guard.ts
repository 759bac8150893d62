// Who is asking, and whether this server should listen to them at all.
import { timingSafeEqual } from 'node:crypto';
import { ApiError } from '../errors.ts';
import { impersonated, type MayActAs } from './impersonation.ts';
import type { User } from './request.ts';
import { unauthorized } from './status.ts';

export interface Credentials {
  headers: Record<string, string | undefined>;
  /** Of the request line, for messages. */
  path?: string;
  /** Of a client certificate that our CA signed. */
  certificate?: { commonName: string; organizations: string[] };
}

export interface GuardOptions {
  /** The administrator's bearer token. */
  token: string;
  /** The user behind any other token; undefined when it is not ours or has ended. */
  tokenUser(token: string): User | undefined;
  /** Whether a user may take the place of another; without it, administrators only. */
  mayActAs?: MayActAs;
}

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const administrator: User = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };

/** Throws 403 for a foreign Host or Origin and 401 for credentials that are wrong. None at all is the anonymous user. */
export function createGuard({ token, tokenUser, mayActAs }: GuardOptions): (credentials: Credentials) => User {
  return ({ headers, path = '', certificate }) => {
    checkHost(headers.host);
    checkOrigin(headers.origin);
    return impersonated(authenticate(), headers, { path, ...(mayActAs && { mayActAs }) });

    function authenticate(): User {
      if (certificate) return fromCertificate(certificate);
      const { authorization } = headers;
      if (authorization === undefined) return anonymous;
      const given = /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
      // Another kind of credential is nobody's: it is not looked at.
      if (given === undefined) return anonymous;
      if (sameText(given, token)) return administrator;
      const user = tokenUser(given);
      if (!user) throw unauthorized();
      return user;
    }
  };
}

/** Of its certificate; none of them is a name that somebody else could own. */
const ownNames = new Set([
  '127.0.0.1',
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  '10.96.0.1',
]);

/** A page that made its own name point at 127.0.0.1 (DNS rebinding) still sends that name. */
function checkHost(host: string | undefined): void {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!ownNames.has(name)) throw refused(`the Host header ${JSON.stringify(host ?? '')} is not a name of this server`);
}

/** Only browsers send Origin, and no page has business here. */
function checkOrigin(origin: string | undefined): void {
  if (origin === undefined) return;
  if (!URL.canParse(origin) || !ownNames.has(new URL(origin).hostname)) {
    throw refused(`requests from the origin ${JSON.stringify(origin)} are not accepted`);
  }
}

function fromCertificate({ commonName, organizations }: { commonName: string; organizations: string[] }): User {
  return { name: commonName, groups: [...organizations, 'system:authenticated'] };
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

function refused(message: string): ApiError {
  return new ApiError(403, 'Forbidden', message);
}
