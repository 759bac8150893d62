// The checks that the level "restricted" adds, or has in place of those of "baseline".
import { list } from '../validation/values.ts';
import { about, added, type Check, said, wrongSeccomp } from './baseline.ts';
import {
  containersOf,
  distinct,
  type Fields,
  fieldsOf,
  named,
  namesOf,
  quoted,
  security,
  setters,
  type Violation,
} from './parts.ts';

const FREE_VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

export const restricted = {
  allowPrivilegeEscalation(spec) {
    const bad = containersOf(spec).filter((container) => security(container).allowPrivilegeEscalation !== false);
    return about(bad, 'allowPrivilegeEscalation != false', 'must set securityContext.allowPrivilegeEscalation=false');
  },
  capabilities(spec) {
    const all = containersOf(spec);
    const keeps = all.filter((container) => {
      const { drop } = fieldsOf(security(container).capabilities);
      return !(Array.isArray(drop) && drop.includes('ALL'));
    });
    const foreign = (container: Fields) => added(container).filter((name) => name !== 'NET_BIND_SERVICE');
    const adds = all.filter((container) => foreign(container).length > 0);
    const names = quoted(distinct(adds.flatMap(foreign)));
    const reason = 'unrestricted capabilities';
    const both = [
      about(keeps, reason, 'must set securityContext.capabilities.drop=["ALL"]'),
      about(adds, reason, `must not include ${names} in securityContext.capabilities.add`),
    ];
    return said(both.flatMap((each) => each?.detail ?? []).join('; '), reason);
  },
  volumes(spec) {
    const typeOf = (volume: Fields) => Object.keys(volume).find((field) => field !== 'name' && volume[field] != null);
    const bad = list(spec.volumes).filter((volume) => !FREE_VOLUMES.has(typeOf(volume) ?? 'emptyDir'));
    if (bad.length === 0) return undefined;
    const types = distinct(bad.map((volume) => String(typeOf(volume))));
    const detail = `${named('volume', namesOf(bad))} ${bad.length === 1 ? 'uses' : 'use'} restricted ${named('volume type', types)}`;
    return { reason: 'restricted volume types', detail };
  },
  runAsNonRoot(spec) {
    const reason = 'runAsNonRoot != true';
    const who = setters(spec, ({ runAsNonRoot }) => runAsNonRoot === false);
    if (who) return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
    return unset(spec, ({ runAsNonRoot }) => runAsNonRoot === true, reason, 'runAsNonRoot=true');
  },
  runAsUser(spec) {
    const who = setters(spec, ({ runAsUser }) => runAsUser === 0);
    return said(who, 'runAsUser=0', () => `${who} must not set runAsUser=0`);
  },
  seccomp(spec) {
    const set = ({ seccompProfile }: Fields) => fieldsOf(seccompProfile).type !== undefined;
    return (
      wrongSeccomp(spec) ?? unset(spec, set, 'seccompProfile', 'seccompProfile.type to "RuntimeDefault" or "Localhost"')
    );
  },
} satisfies Record<string, Check>;

/** Containers for which neither they nor the pod say what has to be said. */
function unset(spec: Fields, says: (context: Fields) => boolean, reason: string, what: string): Violation | undefined {
  if (says(security(spec))) return undefined;
  const bad = containersOf(spec).filter((container) => !says(security(container)));
  const found = about(bad, reason, `must set securityContext.${what}`);
  return found && { reason, detail: `pod or ${found.detail}` };
}
