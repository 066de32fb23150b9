import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { readZone, linesOfZone } from "/work/main/test/agreement/read-zone.ts";
import { knownName } from "/work/main/src/name/name-text.ts";
import { test } from "vitest";
const F = "/work/main/test/agreement/zones";
test("x", () => {
for (const n of readdirSync(F).filter((x) => x.endsWith(".zone"))) {
  const octets = readFileSync(F + "/" + n);
  const t = octets.toString("latin1");
  const add: string[] = [];
  if (!/\bSOA\b/.test(t)) add.push("agree.test. 300 IN SOA added. added. 1 2 3 4 5");
  if (!/\bNS\b/.test(t)) add.push("agree.test. 300 IN NS added.");
  writeFileSync("/tmp/ag/in.zone", Buffer.concat([octets, Buffer.from(add.map(x=>x+"\n").join(""))]));
  const r = spawnSync("named-checkzone", ["-i","none","-k","ignore","-s","full","-D","-o","-","agree.test","/tmp/ag/in.zone"], { cwd: F });
  const err = r.stderr.toString("latin1");
  const theirs = r.status === 0 ? r.stdout.toString("latin1").split("\n").filter(Boolean).map((l) => { const m = /^(\S+)\s+(\d+)\s+IN\s+(\S+)\s*(.*)$/.exec(l); return m ? `${m[1]} ${m[2]} ${m[3]} ${m[4]}` : "??" + l; }).filter((l) => !/ added\.( |$)/.test(l)).sort() : [];
  const z = readZone(octets, knownName("agree.test"), F);
  const ok = !z.diagnostics.hasErrors;
  const probs = z.diagnostics.sorted().map((d) => d.severity + " " + d.code + " " + d.message).join(" | ");
  if (ok !== (r.status === 0)) { console.log(`${n}: ours ${ok ? "accepts" : "rejects"}: ${probs} -- theirs ${r.status} ${err.trim().split("\n").join(" / ")}`); if(r.status===0) console.log("      theirs:", theirs.filter(x=>!/ SOA | NS ns|^ns/.test(x)).slice(0,6).join("; ")); continue; }
  if (!ok) continue;
  const ours = linesOfZone(z.tree);
  const a = ours.filter((x) => !theirs.includes(x)), b = theirs.filter((x) => !ours.includes(x));
  if (a.length || b.length) console.log(`${n}: records\n   ours   ${a.join("\n          ")}\n   theirs ${b.join("\n          ")}   [${probs}]`);
}
}, 120000);
