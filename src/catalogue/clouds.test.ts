import { describe, expect, test } from "vitest";
import { cloudOfRegion, foldRegion, parseCloud, regionCode } from "./clouds.ts";

describe("regions and clouds", () => {
  test.each([
    { region: "West Europe", folded: "westeurope", cloud: "commercial", code: "we" },
    { region: "eastus", folded: "eastus", cloud: "commercial", code: "eus" },
    { region: "USGov Virginia", folded: "usgovvirginia", cloud: "usgov", code: "ugv" },
    { region: "usdodeast", folded: "usdodeast", cloud: "usgov", code: "ude" },
    { region: "China North 3", folded: "chinanorth3", cloud: "china", code: "bjb3" },
    { region: "atlantis", folded: "atlantis", cloud: "commercial", code: undefined },
  ])("$region is $folded in $cloud, in short $code", ({ region, folded, cloud, code }) => {
    expect(foldRegion(region)).toBe(folded);
    expect(cloudOfRegion(region)).toBe(cloud);
    expect(regionCode(region)).toBe(code);
  });

  test("a cloud is forced by its name, in any case", () => {
    expect(["USGov", "china", "moon"].map(parseCloud)).toEqual(["usgov", "china", undefined]);
  });
});
