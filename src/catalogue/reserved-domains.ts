import { ZONE_ROWS } from "./zone-rows.ts";

/**
 * Domains that Azure reserves for its services: a rule for `.` does not send their names away. They are the two-label
 * names behind the published public zones, such as `azure.com` and `windows.net`.
 */
export const AZURE_RESERVED_DOMAINS: readonly string[] = [
  ...new Set(
    ZONE_ROWS.flatMap(({ publicZones }) => publicZones)
      .map((zone) => zone.split(".").slice(-2))
      .filter((labels) => labels.length === 2 && labels.every((label) => !label.includes("{")))
      .map((labels) => labels.join(".")),
  ),
].toSorted();
