// Principals of tokens, `issuer/subject`: a policy's value is cut in two, and each half is compared with its own claim.
import { type ValueTest, wildcard } from './values.ts';

/** Both halves as one string, whatever they hold: a slash is in most issuers, and a token can hold any letter. */
export function joinPrincipal(issuer: string, subject: string): string {
  return `${issuer.length}:${issuer}${subject}`;
}

/** For strings of `joinPrincipal`. Cut at the last slash, since an issuer may be a URL. */
export function requestPrincipal(value: string): ValueTest {
  const slash = value.lastIndexOf('/');
  const [issuerFits, subjectFits] =
    slash < 0 ? withoutSlash(value) : withSlash(value, value.slice(0, slash), value.slice(slash + 1));
  return (actual) => {
    const colon = actual.indexOf(':');
    const end = colon + 1 + Number(actual.slice(0, colon));
    return issuerFits(actual.slice(colon + 1, end)) && subjectFits(actual.slice(end));
  };
}

/** Only one of the halves may have a star: that at the beginning, when there are two. */
function withSlash(value: string, issuer: string, subject: string): [ValueTest, ValueTest] {
  if (value.startsWith('*')) return [wildcard(issuer), exactly(subject)];
  return [exactly(issuer), value.endsWith('*') ? wildcard(subject) : exactly(subject)];
}

/** The star says which half is meant; the other must only be there. */
function withoutSlash(value: string): [ValueTest, ValueTest] {
  const there = wildcard('*');
  if (value === '*') return [there, there];
  if (value.startsWith('*')) return [there, wildcard(value)];
  if (value.endsWith('*')) return [wildcard(value), there];
  return [exactly(value), exactly('')];
}

function exactly(value: string): ValueTest {
  return (actual) => actual === value;
}
