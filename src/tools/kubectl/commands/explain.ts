import { ToolError } from '../../tool.ts';
import type { Resource } from '../discovery.ts';
import { type Document, explainText } from '../printing/explanation.ts';
import type { Command, Session } from '../session.ts';

export const explainCommand: Command = {
  summary: 'Qué campos tiene un tipo de objeto y qué significan',
  flags: {
    'api-version': { kind: 'text' },
    output: { short: 'o', kind: 'text' },
    recursive: { kind: 'bool' },
  },
  async run(session) {
    const { api, args, flags, out } = session;
    const [what, ...more] = args;
    if (what === undefined)
      throw new ToolError(
        'error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    if (more.length > 0) throw new ToolError('error: We accept only this format: explain RESOURCE');
    const { resource, fields } = await resourceAndFields(session, what);
    const { group, version } = versionAsked(flags.text('api-version'), resource);
    const path = `/openapi/v3/${group ? `apis/${group}` : 'api'}/${version}`;
    const document = await api.find<Document>({ path });
    if (!document)
      throw new ToolError(`error: couldn't find resource for "${group}/${version}, Resource=${resource.plural}"`);
    const text = explainText(
      document,
      { group, version, kind: resource.kind },
      fields,
      flags.bool('recursive') === true,
    );
    // What kind it is has been said by then.
    out(
      `${group ? `GROUP:      ${group}\n` : ''}KIND:       ${resource.kind}\nVERSION:    ${version}\n\n${text ?? ''}`,
    );
    if (text === undefined) throw new ToolError(`error: field "${fields.at(-1)}" does not exist`);
    return 0;
  },
};

/** `deploy.spec.replicas`, or with the group: `deployments.apps.spec`. */
async function resourceAndFields({ discovery }: Session, what: string) {
  const words = what.replace(/\.$/, '').split('.');
  const whole = (await discovery.all()).find(
    ({ plural, group }) => group !== '' && `${what}.`.startsWith(`${plural}.${group}.`),
  );
  if (whole) return { resource: whole, fields: words.slice(1 + whole.group.split('.').length) };
  const [type = '', ...fields] = words;
  return { resource: await discovery.named(type), fields };
}

function versionAsked(asked: string | undefined, { group, version }: Resource): { group: string; version: string } {
  if (asked === undefined) return { group, version };
  const slash = asked.lastIndexOf('/');
  return slash < 0 ? { group: '', version: asked } : { group: asked.slice(0, slash), version: asked.slice(slash + 1) };
}
