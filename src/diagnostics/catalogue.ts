import { LINT_CODES } from "./catalogue/lint.ts";
import { MODEL_CODES } from "./catalogue/model.ts";
import { PLATFORM_CODES } from "./catalogue/platform.ts";
import { TOPOLOGY_CODES } from "./catalogue/topology.ts";
import { ZONE_CODES } from "./catalogue/zone.ts";
import { ZONEFILE_CODES } from "./catalogue/zonefile.ts";
import type { CodeEntry } from "./code-entry.ts";

/** Every code privlink can print, `subject/what-is-wrong`; a code is never renamed. */
export const CATALOGUE = {
  ...ZONEFILE_CODES,
  ...ZONE_CODES,
  ...TOPOLOGY_CODES,
  ...PLATFORM_CODES,
  ...MODEL_CODES,
  ...LINT_CODES,
} as const satisfies Record<string, CodeEntry>;

/** One of the codes of the catalogue. */
export type DiagnosticCode = keyof typeof CATALOGUE;
