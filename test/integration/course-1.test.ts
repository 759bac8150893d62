import { tryCourse } from './support/try-course.ts';

await tryCourse(0, 2);
