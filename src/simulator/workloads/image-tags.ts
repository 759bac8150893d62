// Whether Docker Hub could have an image by this tag. Nobody lists them here: a version is believed, and so are the words
// that its images use; any other word is a tag that nobody pushed. Of other registries nothing is known.

const words = new Set(
  'latest latest_release stable mainline edge lts slim alpine alpine-slim perl stable-alpine stable-slim stable-perl glibc musl uclibc stable-glibc stable-musl stable-uclibc unstable testing sid rolling devel bookworm bullseye trixie buster bookworm-slim bullseye-slim trixie-slim noble jammy focal main master dev nightly'.split(
    ' ',
  ),
);

export function mayExist(image: string): boolean {
  const [path = '', digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(path)?.[1];
  if (digest !== undefined || tag === undefined || !isOfDockerHub(path)) return true;
  return /\d/.test(tag) || words.has(tag);
}

function isOfDockerHub(path: string): boolean {
  const [first = '', ...rest] = path.split('/');
  if (rest.length === 0) return true;
  return first === 'docker.io' || !(/[.:]/.test(first) || first === 'localhost');
}
