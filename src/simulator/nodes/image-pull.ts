// From an image's name to its being on the node, or to the endless back-off of one that no registry has.
import type { Clock } from '../contract.ts';
import { imageSize, notFoundError } from './images.ts';

export interface ImagePull {
  image: string;
  policy: string;
  /** On the node already. */
  present: boolean;
  /** Whether a registry has it; asked again at each try. */
  exists(): boolean;
  /** Milliseconds that a pull takes. */
  delay: number;
  clock: Clock;
  later(milliseconds: number, action: () => void): void;
  say(type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** The container waits for this reason. */
  wait(reason: string, message: string): void;
  onPresent(): void;
}

const FIRST_RETRY = 10_000;
const LAST_RETRY = 300_000;
/** Between a failed pull and the kubelet's saying that it backs off. */
const VERDICT = 300;

export function pullImage(pull: ImagePull): void {
  const { image, policy, present } = pull;
  if (present && policy !== 'Always') {
    pull.say('Normal', 'Pulled', `Container image "${image}" already present on machine`);
    pull.onPresent();
  } else if (policy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    pull.say('Warning', 'ErrImageNeverPull', message);
    pull.wait('ErrImageNeverPull', message);
  } else {
    attempt(pull, FIRST_RETRY);
  }
}

function attempt(pull: ImagePull, retry: number) {
  pull.say('Normal', 'Pulling', `Pulling image "${pull.image}"`);
  const began = pull.clock.now();
  pull.later(pull.present ? 0 : pull.delay, () => {
    if (!pull.exists()) {
      fail(pull, retry);
      return;
    }
    pull.say('Normal', 'Pulled', pulled(pull.image, pull.clock.now() - began));
    pull.onPresent();
  });
}

function fail(pull: ImagePull, retry: number) {
  const { image } = pull;
  const cause = notFoundError(image);
  pull.say('Warning', 'Failed', `Failed to pull image "${image}": ${cause}`);
  pull.say('Warning', 'Failed', 'Error: ErrImagePull');
  pull.wait('ErrImagePull', cause);
  pull.later(VERDICT, () => {
    pull.say('Normal', 'BackOff', `Back-off pulling image "${image}"`);
    pull.say('Warning', 'Failed', 'Error: ImagePullBackOff');
    pull.wait('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${cause}`);
    pull.later(retry, () => attempt(pull, Math.min(retry * 2, LAST_RETRY)));
  });
}

function pulled(image: string, milliseconds: number): string {
  const took = milliseconds < 1000 ? `${milliseconds}ms` : `${milliseconds / 1000}s`;
  return `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${imageSize(image)} bytes.`;
}
