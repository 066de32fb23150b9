import { expect, test } from "vitest";
import { loadText } from "../../../test/agreement/export-proof.ts";
import { exportModel } from "./export-model.ts";

const SNAPSHOT = loadText(`networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16 }
zones:
  privatelink.svc.example: { links: hub, records: "acct 10 A 10.0.0.5" }
public:
  records: |
    acct.svc.example. 60 CNAME acct.privatelink.svc.example.
    acct.privatelink.svc.example. 60 A 198.51.100.7
`);

test("a zone of a view has nothing below a longer one of it: a server that follows an alias inside a zone would find it", () => {
  const { files } = exportModel(SNAPSHOT, "coredns", "privlink.yaml");
  const text = new Map(files.map((file) => [file.path, file.text]));
  expect(text.get("zones/root.zone")).toContain("privatelink.svc.example. 3600 IN NS    localhost.");
  expect(text.get("zones/root.zone")).not.toContain("198.51.100.7");
  expect(text.get("zones/internet/root.zone")).toContain("198.51.100.7");
});
