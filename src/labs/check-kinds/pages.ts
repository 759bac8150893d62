// docs/comprobaciones as text: a page for each kind of check, from its form. A test fails when the files are not these.
import * as z from 'zod';
import type { CheckForm } from './form.ts';
import { forms } from './forms.ts';

/** File name → content. */
export function checkPages(): Record<string, string> {
  const all: readonly CheckForm[] = Object.values(forms) as unknown as CheckForm[];
  return {
    'README.md': index(all),
    ...Object.fromEntries(all.map((form) => [`${form.type}.md`, page(form)])),
  };
}

function index(all: readonly CheckForm[]): string {
  const rows = all.map(({ type, summary }) => `| [\`${type}\`](${type}.md) | ${summary} |`);
  return `# Clases de comprobación

Con qué se verifica un paso. Todas tienen \`id\`, \`tipo\` y \`titulo\` (lo que se lee junto a la marca), y lo suyo. Ninguna nombra
el clúster: valen igual en el embebido, en kind y en kubeadm.

| \`tipo\` | Qué hace |
|---|---|
${rows.join('\n')}

${origin}
`;
}

function page(form: CheckForm): string {
  const schema = z.toJSONSchema(z.strictObject(form.fields), { io: 'input', unrepresentable: 'any' });
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const { description = '', default: usual } = field as { description?: string; default?: unknown };
    const needed = required.has(name) ? 'sí' : usual === undefined ? 'no' : `\`${JSON.stringify(usual)}\``;
    return `| \`${name}\` | ${needed} | ${description.replaceAll('|', '\\|')} |`;
  });
  return `# Comprobación \`${form.type}\`

${form.summary}

| Campo | Obligatorio, o lo que vale si no se escribe | Qué es |
|---|---|---|
${rows.join('\n')}

\`\`\`yaml
- ${form.example.trim().replaceAll('\n', '\n  ')}
\`\`\`

${origin}
`;
}

const origin = `Esta página se escribe a partir de \`src/labs/check-kinds/\`; para cambiarla, cambia la clase y ejecuta
\`node scripts/generate-check-docs.ts\`.`;
