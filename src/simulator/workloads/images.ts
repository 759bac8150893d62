// The programs that the simulator knows, by the name of their image, whatever its registry prefix and tag.
import type { WorkloadModel } from '../contract.ts';
import { istioModel } from '../istio/models.ts';
import { addonPage } from './addon-pages.ts';
import { details } from './bookinfo/details.ts';
import { forgetfulProductpage, productpage } from './bookinfo/productpage.ts';
import { ratings } from './bookinfo/ratings.ts';
import { reviews } from './bookinfo/reviews.ts';
import { echoServer, httpEcho } from './echo.ts';
import { fortio } from './fortio.ts';
import { helloApp, helloworld } from './hello.ts';
import { httpbin } from './httpbin.ts';
import { idle, shell } from './idle.ts';
import { mayExist } from './image-tags.ts';
import { jaeger } from './jaeger.ts';
import { nginx } from './nginx/nginx.ts';
import { configReloader, prometheus } from './prometheus.ts';
import { tcpEcho } from './tcp-echo.ts';

/** Undefined: no registry has such an image, so it cannot be pulled. */
export function findModel(image: string): WorkloadModel | undefined {
  if (!mayExist(image)) return undefined;
  const program = programOf(image);
  return models.get(program) ?? istioModel(program);
}

/** The last element of the path, without tag and digest. */
export function programOf(image: string): string {
  const path = image.split('@')[0] ?? '';
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.split(':')[0] ?? '';
}

const models = new Map<string, WorkloadModel>([
  ['examples-bookinfo-details-v1', details],
  ['examples-bookinfo-details-v2', details],
  ['examples-bookinfo-ratings-v1', ratings('v1')],
  ['examples-bookinfo-ratings-v2', ratings('v2')],
  ['examples-bookinfo-reviews-v1', reviews('v1')],
  ['examples-bookinfo-reviews-v2', reviews('v2')],
  ['examples-bookinfo-reviews-v3', reviews('v3')],
  ['examples-bookinfo-productpage-v1', productpage],
  ['productpage-sin-trazas', forgetfulProductpage],
  ['examples-helloworld-v1', helloworld('v1')],
  ['examples-helloworld-v2', helloworld('v2')],
  ['hello-app', helloApp],
  ['nginx', nginx],
  ['fortio', fortio],
  ['go-httpbin', httpbin(8080)],
  ['httpbin', httpbin(80)],
  ['http-echo', httpEcho],
  ['tcp-echo-server', tcpEcho],
  ['echo-server', echoServer(80)],
  ['echoserver', echoServer(8080)],
  ['grafana', addonPage('grafana')],
  ['kiali', addonPage('kiali')],
  ['jaeger', jaeger],
  ['all-in-one', jaeger],
  ['prometheus', prometheus],
  ['prometheus-config-reloader', configReloader],
  ['curl', idle],
  ['sleep', idle],
  ['busybox', shell],
  ['alpine', shell],
  ['debian', shell],
  ['ubuntu', shell],
]);
