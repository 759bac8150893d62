// Istio's helloworld and Google's hello-app: two versions to tell apart, and nothing else.
import type { ContainerContext, RunningContainer } from '../contract.ts';
import { html, pathOf, text } from './replies.ts';

/** SERVICE_VERSION tells apart what one image runs in several places. */
export function helloworld(built: string): (context: ContainerContext) => RunningContainer {
  return ({ env, log }) => {
    const version = env.SERVICE_VERSION || built;
    log(' * Running on http://0.0.0.0:5000');
    return {
      ports: {
        5000(request) {
          const path = pathOf(request);
          if (path === '/hello') return html(200, `Hello version: ${version}, instance: ${env.HOSTNAME ?? ''}\n`);
          if (path === '/health') return html(200, 'Helloworld is healthy');
          return html(404, '<!doctype html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n');
        },
      },
    };
  };
}

/** The tag is the version: 1.0, 2.0. */
export function helloApp({ env, image, log }: ContainerContext): RunningContainer {
  const [major = '1', minor = '0'] = /:(\d+)(?:\.(\d+))?[^/]*$/.exec(image)?.slice(1) ?? [];
  const body = `Hello, world!\nVersion: ${major}.${minor ?? '0'}.0\nHostname: ${env.HOSTNAME ?? ''}\n`;
  const port = Number(env.PORT) || 8080;
  log(`Server listening on port ${port}`);
  return {
    ports: {
      [port](request) {
        log(`Serving request: ${request.path}`);
        return text(200, body);
      },
    },
  };
}
