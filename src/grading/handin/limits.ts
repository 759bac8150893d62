/** What a hand-in may be. An honest one of the whole course is some hundreds of KB. Bytes, unless it says otherwise. */
export const limits = {
  file: 20_000_000,
  /** Of a zip, a number. */
  entries: 5_000,
  entry: 16_000_000,
  /** Of all entries together, inflated. */
  total: 48_000_000,
  /** Of one object or file of the student. */
  text: 2_000_000,
  /** Of a step, a number. */
  objects: 500,
  /** Of a journal, a number. */
  records: 5_000,
};
