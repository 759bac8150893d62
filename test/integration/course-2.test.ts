import { tryCourse } from './support/try-course.ts';

await tryCourse(1, 2);
