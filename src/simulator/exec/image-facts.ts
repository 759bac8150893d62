// What is inside an image besides its own program: who one is there, where one starts, which programs there are.
import { programOf } from '../workloads/images.ts';
import { NGINX_FILES } from '../workloads/nginx/image-files.ts';

export interface ImageFacts {
  user: { name: string; uid: number; gid: number };
  home: string;
  workingDirectory: string;
  /** Text of /etc/os-release. */
  release: string;
  programs: ReadonlySet<string>;
  /** Of its own program, by path: what those of all images are, is not here. */
  files: Readonly<Record<string, string>>;
  /** dash says `sh: 1: x: not found`, busybox `sh: x: not found`, bash `bash: line 1: x: command not found`. */
  shell: 'dash' | 'busybox' | 'bash' | 'none';
}

const words = (text: string) => text.split(' ');

const COREUTILS = words(
  '[ awk base64 basename cat cp cut date dirname echo env expr false grep head hostname id ls mkdir mv nproc printenv printf ps pwd rm sed seq sh sleep sort tail tar tee test touch tr true uname uniq wc which whoami xargs',
);
const BUSYBOX = [...COREUTILS, ...words('nc nslookup time wget ping')];

const alpine = (version: string) =>
  `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${version}\nPRETTY_NAME="Alpine Linux v${version.replace(/\.\d+$/, '')}"\n`;
const debian =
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n';
const ubuntu =
  'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION="24.04.3 LTS (Noble Numbat)"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n';

const root = { name: 'root', uid: 0, gid: 0 };
const facts = (given: Partial<Omit<ImageFacts, 'programs'>> & { programs?: readonly string[] }): ImageFacts => ({
  user: given.user ?? root,
  home: given.home ?? '/root',
  workingDirectory: given.workingDirectory ?? '/',
  release: given.release ?? '',
  programs: new Set(given.programs ?? []),
  files: given.files ?? {},
  shell: given.shell ?? 'none',
});

const distroless = facts({ home: '/' });
const busybox = facts({ shell: 'busybox', programs: BUSYBOX });
const alpineImage = facts({ shell: 'busybox', programs: BUSYBOX, release: alpine('3.22.1') });
const debianImage = facts({ shell: 'dash', programs: [...COREUTILS, 'bash'], release: debian });
const serverImage = facts({ shell: 'dash', programs: [...COREUTILS, 'bash', 'curl'], release: debian });
const curlImage = facts({
  shell: 'busybox',
  programs: [...BUSYBOX, 'curl'],
  user: { name: 'curl_user', uid: 100, gid: 101 },
  home: '/home/curl_user',
  workingDirectory: '/home/curl_user',
  release: alpine('3.22.1'),
});
const istioImage = facts({
  shell: 'bash',
  programs: [...COREUTILS, 'bash', 'curl'],
  user: { name: 'istio-proxy', uid: 1337, gid: 1337 },
  home: '/home/istio-proxy',
  release: ubuntu,
});
const bookinfo = (workingDirectory: string, programs: readonly string[]) =>
  facts({ shell: 'dash', programs: [...COREUTILS, 'bash', ...programs], workingDirectory, release: debian });

const byImage: [pattern: RegExp, facts: ImageFacts][] = [
  [/^(curl|sleep)$/, curlImage],
  [/^busybox$/, busybox],
  [/^alpine$/, alpineImage],
  [/^(proxyv2|pilot)$/, istioImage],
  [/^examples-bookinfo-productpage/, bookinfo('/opt/microservices', ['python', 'python3'])],
  [/^examples-bookinfo-details/, bookinfo('/opt/microservices', ['ruby'])],
  [/^examples-bookinfo-ratings/, bookinfo('/opt/microservices', ['node'])],
  [/^examples-bookinfo-reviews/, { ...bookinfo('/', ['java']), shell: 'bash' }],
  [/^examples-helloworld/, bookinfo('/opt/microservices', ['python', 'python3'])],
  [/^httpbin$/, serverImage],
  [/^nginx$/, { ...serverImage, files: NGINX_FILES }],
  [/^(echo-server|echoserver)$/, alpineImage],
  [/^(debian|ubuntu)$/, debianImage],
];

export function imageFacts(image: string, container: string): ImageFacts {
  const program = image === '' ? container : programOf(image);
  return byImage.find(([pattern]) => pattern.test(program))?.[1] ?? distroless;
}
