// A mistake that people make in the manifests of a lab, as a change to the right one, and what it may be called.
import type { CheckType } from '../../../../src/labs/check-kinds/forms.ts';
import type { JsonObject, Manifest } from './manifest.ts';

export interface Variant {
  /** What was changed, to be read by a person. */
  what: string;
  /** What is in the file instead of the manifest. */
  instead: JsonObject[];
}

export interface Operator {
  name: string;
  /** Causes that are right to name first for this mistake. */
  codes: readonly string[];
  /** Only where a step has a check of these kinds: others do not look at what it changes. */
  seenBy?: readonly CheckType[];
  /** Only where the checks, as JSON, name what it changes. */
  named?(manifest: Manifest): RegExp;
  /** Every place of the manifest where the mistake can be made. The manifest is a copy to be read, not changed. */
  mutate(manifest: Manifest): Variant[];
}
