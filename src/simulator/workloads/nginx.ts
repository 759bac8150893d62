// nginx as its image comes: a page that welcomes, and nothing else to find.
import type { ContainerContext, HttpReply, HttpRequest, RunningContainer } from '../contract.ts';
import { byteSize, html, pathOf } from './replies.ts';

const WELCOME = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>The web server runs. Its configuration is the one that the image brings.</p>
</body>
</html>
`;

export function nginx({ image, clock, log }: ContainerContext): RunningContainer {
  const tag = /:(\d+(?:\.\d+)*)[^/]*$/.exec(image)?.[1];
  const server = tag ? `nginx/${tag}` : 'nginx';
  log('/docker-entrypoint.sh: Configuration complete; ready for start up');
  return {
    ports: {
      80(request) {
        const reply = pageFor(request, server);
        const { method, path, headers } = request;
        const asked = `"${method} ${path} HTTP/1.1" ${reply.status} ${byteSize(reply.body)}`;
        log(`127.0.0.6 - - [${logTime(clock.now())}] ${asked} "-" "${headers['user-agent'] ?? '-'}" "-"`);
        return reply;
      },
    },
  };
}

function pageFor(request: HttpRequest, server: string): HttpReply {
  const path = pathOf(request);
  if (request.method !== 'GET' && request.method !== 'HEAD') return html(405, errorPage('405 Not Allowed'), { server });
  if (path === '/' || path === '/index.html') return html(200, WELCOME, { server, 'content-type': 'text/html' });
  return html(404, errorPage('404 Not Found'), { server, 'content-type': 'text/html' });
}

function errorPage(title: string): string {
  return `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>\n</body>\n</html>\n`;
}

/** 21/Nov/2026:04:46:40 +0000 */
function logTime(now: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
