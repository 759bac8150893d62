// The files that nginx reads: those of its image, under those of the volumes that the pod mounts.
import { posix } from 'node:path';
import type { ContainerContext } from '../../contract.ts';
import { mountedFiles } from '../../exec/mounted-files.ts';

export interface Files {
  read(path: string): string | undefined;
  /** Paths that a pattern with `*` in its last part names, sorted. */
  glob(pattern: string): string[];
}

export function filesOf(context: ContainerContext): Files {
  const covered = mountPoints(context);
  const own = Object.entries(IMAGE).filter(([path]) => !covered.some((point) => path.startsWith(`${point}/`)));
  const files = new Map([...own, ...mountedFiles(context)]);
  return {
    read: (path) => files.get(path) ?? context.volumes?.read(posix.normalize(path))?.toString('utf8'),
    glob(pattern) {
      const [before = '', after = ''] = posix.basename(pattern).split('*');
      const folder = posix.dirname(pattern);
      const names = [...files.keys()]
        .filter((path) => posix.dirname(path) === folder)
        .map((path) => posix.basename(path));
      const written = context.volumes?.list(folder) ?? [];
      const chosen = [...new Set([...names, ...written])].filter(
        (n) => n.startsWith(before) && n.endsWith(after) && n.length >= before.length + after.length,
      );
      return chosen.sort().map((n) => `${folder}/${n}`);
    },
  };
}

interface Spec {
  containers?: { name: string; volumeMounts?: { mountPath: string; subPath?: string }[] }[];
}

/** A volume hides what the image had in that folder; with subPath it is one file more. */
function mountPoints({ pod, containerName }: ContainerContext): string[] {
  const { containers = [] } = (pod.spec ?? {}) as Spec;
  const mounts = containers.find((c) => c.name === containerName)?.volumeMounts ?? [];
  return mounts.filter((m) => m.subPath === undefined).map((m) => m.mountPath.replace(/\/+$/, ''));
}

export const MAIN_FILE = '/etc/nginx/nginx.conf';
export const HTML_FOLDER = '/usr/share/nginx/html';

const IMAGE: Record<string, string> = {
  [MAIN_FILE]: `worker_processes auto;
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  keepalive_timeout 65;
  include /etc/nginx/conf.d/*.conf;
}
`,
  '/etc/nginx/mime.types': 'types { text/html html htm; text/css css; application/javascript js; text/plain txt; }\n',
  '/etc/nginx/conf.d/default.conf': `server {
  listen 80;
  server_name localhost;
  location / { root ${HTML_FOLDER}; index index.html index.htm; }
}
`,
  [`${HTML_FOLDER}/index.html`]: `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>The web server runs. Its configuration is the one that the image brings.</p>
</body>
</html>
`,
};
