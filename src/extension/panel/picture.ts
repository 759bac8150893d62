// A picture of a lab as an address that carries it whole: in the package pictures are not files of their own.
import { join } from 'node:path';
import { courseText } from '../../labs/course-files.ts';

/** `path` is that of an SVG file under media/. Empty for a picture that is not there. */
export function pictureAddress(root: string, path: string): string {
  const picture = path.endsWith('.svg') ? courseText(join(root, 'media'), path) : undefined;
  return picture === undefined ? '' : `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`;
}
