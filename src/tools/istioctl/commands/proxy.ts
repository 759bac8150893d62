import { ToolError } from '../../tool.ts';
import type { Command } from './command.ts';

const notYet = (name: string): Command => ({
  summary: `(todavía no) ${name}`,
  flags: { output: { short: 'o', kind: 'text' } },
  run() {
    throw new ToolError(
      `«${name}» todavía no está en el istioctl de Malla: necesita preguntar a cada Envoy, y solo el oficial sabe. ` +
        'Instala el istioctl oficial si lo necesitas; para saber si tu configuración es correcta, usa «istioctl analyze».',
    );
  },
});

export const proxyStatusCommand = notYet('proxy-status');
export const proxyConfigCommand = notYet('proxy-config');
