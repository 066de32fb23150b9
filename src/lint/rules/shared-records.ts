import type { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { displayName } from "../../name/name-text.ts";
import type { PrivateWrite } from "../../platform/endpoint-records.ts";
import { effectOf, listed } from "../effect.ts";
import type { Estate } from "../estate.ts";
import { grouped } from "../grouped.ts";
import type { LintRule } from "../rule.ts";
import { namesOf } from "../survey.ts";

/**
 * Endpoints of one service that write the same record of the same zone: the last one has it, and when either goes away the
 * record goes with it. Names that a provider has for everybody are another rule's.
 */
export const sharedRecordsRule: LintRule = {
  codes: ["endpoint/record-shared"],
  check(estate, diagnostics) {
    const own = estate.writes.filter((write) => write.hidden === undefined && !isShared(estate, write));
    const told = new Set<string>();
    for (const writes of grouped(own, ({ zoneKey, owner }) => `${zoneKey}\n${owner.key}`)) {
      const endpoints = [...new Set(writes.map(({ endpoint }) => endpoint))];
      const key = `${writes[0].zoneKey}\n${endpoints.join("\n")}`;
      if (endpoints.length < 2 || told.has(key)) continue;
      told.add(key); // Their other names are the same mistake.
      report(estate, writes, endpoints, diagnostics);
    }
  },
};

function isShared({ plans }: Estate, { endpoint, owner }: PrivateWrite): boolean {
  const plan = plans.get(endpoint);
  return plan !== undefined && namesOf(plan).some(({ name }) => name.shared && name.privateName.key === owner.key);
}

function report(
  estate: Estate,
  writes: readonly [PrivateWrite, ...PrivateWrite[]],
  endpoints: readonly string[],
  diagnostics: Diagnostics,
): void {
  const last = writes.at(-1) ?? writes[0];
  const { zoneKey, owner } = last;
  const others = [...new Map(writes.map((write) => [write.endpoint, write])).values()].filter(
    ({ endpoint }) => endpoint !== last.endpoint,
  );
  const what = last.kind === "delete" ? "removes the record of the others" : "has the last word";
  const message = `endpoints ${listed(endpoints)} write ${displayName(owner)} in zone ${zoneKey}: ${last.endpoint} ${what}`;
  const network = estate.topology.zones.get(zoneKey)?.links[0]?.network;
  const answer =
    network === undefined ? undefined : estate.ask({ kind: "resolver", key: `${network}/platform` }, owner);
  diagnostics.report("endpoint/record-shared", message, last.span, {
    related: others.map(({ endpoint, span }) => ({ message: `endpoint ${endpoint} is here`, span })),
    ...(answer === undefined || network === undefined ? {} : { effect: effectOf(answer, network) }),
    hint: "let each write to a zone of its own with privateDns, or remove one of them",
  });
}
