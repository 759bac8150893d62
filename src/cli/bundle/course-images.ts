// Every image that a part of the course needs, listed by a machine from the labs' own texts and Istio's manifests.
import { fullName } from '../../cluster/bundle/image-names.ts';
import type { Lab } from '../../labs/lab.ts';
import { imagesOf, madeBy, rememberObjects } from '../../labs/made/made-by.ts';
import { objectsIn } from '../../labs/made/manifest-objects.ts';
import { previousLabs } from '../course.ts';

export interface CourseImages {
  /** Written in full, without repeats. */
  images: string[];
  /** The labs that can be done with them, those that they start from included. */
  labs: string[];
}

/** `istioManifests` is what `istioctl manifest generate` wrote; its proxy is also the one that is injected. */
export function courseImages(course: readonly Lab[], labs: readonly Lab[], istioManifests: string): CourseImages {
  const needed = new Set(labs.flatMap((lab) => [...previousLabs(course, lab), lab]).filter((lab) => !lab.chapter));
  const readObjects = rememberObjects();
  const own = [...needed].flatMap((lab) => madeBy(lab, readObjects).images);
  const istio = objectsIn(istioManifests).flatMap(imagesOf);
  const images = [...new Set([...own, ...istio].map(fullName))].filter((image) => !inNodeImage.test(image));
  return { images: images.toSorted(), labs: [...needed].map((lab) => lab.id) };
}

/** `auto` is what a gateway's pod asks injection for. */
const inNodeImage = /^docker\.io\/library\/auto(:|$)/;
