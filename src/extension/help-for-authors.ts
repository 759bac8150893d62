// The help for who writes labs and rubrics: a bundle of its own, dist/help-for-authors.cjs, that only their windows load.
import './zod-settings.ts';

export { createLabAuthor } from './authoring/lab-author.ts';
export { createRubricHelp } from './grading/rubric-help.ts';
