import { readKubeconfig } from '../../../cluster/kubeconfig.ts';
import type { Command } from '../session.ts';

export const clusterInfoCommand: Command = {
  summary: 'Dónde está el clúster',
  flags: {},
  async run({ api, kubeconfig, flags, out }) {
    const { server } = await readKubeconfig(kubeconfig, flags.text('context'));
    await api.text({ path: '/version' });
    out(`Kubernetes control plane is running at ${server}\n`);
    return 0;
  },
};
