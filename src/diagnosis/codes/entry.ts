export interface CatalogueEntry {
  /** What is wrong, as a heading: no final period. */
  title: string;
  /** Why it matters. */
  why: string;
  /** What to do, without giving any lab's solution away. */
  cure: string;
}
