import { ask } from "../client/ask.ts";
import type { AskFailure } from "../client/exchange.ts";
import { askerText } from "../expect/askers.ts";
import type { ExpectedQuestion } from "../expect/questions.ts";
import { type Answered, answeredByServer } from "../expect/results.ts";
import { honoursSubnet, type OwnAddresses, ownAddresses, seenInReply } from "../expect/seen-reply.ts";
import { subnetOf } from "../expect/standing.ts";
import { clientSubnetOption } from "../message/client-subnet.ts";
import { DEFAULT_UDP_SIZE, EDNS_VERSION, type Edns } from "../message/edns.ts";
import { type Address, type AddressPort, formatAddressPort } from "../net/address.ts";
import type { Cidr } from "../net/cidr.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { eachOf } from "./each-of.ts";

/** A real server that expectations are held against, and how it is asked. */
export interface TestedServer {
  readonly at: AddressPort;
  /** The address to ask from. */
  readonly source?: Address;
  /** Where we stand: only expectations of this asker are asked, and no client subnet is sent. */
  readonly as?: string;
  readonly timeoutMs: number;
  readonly tries: number;
  readonly random: (below: number) => number;
}

/** Questions under way at once: enough to hide the way there, and fewer than a small server drops. */
const AT_ONCE = 32;
/** So many questions without a single reply, and nobody is there: the rest would only wait. */
const SILENCES = AT_ONCE;

export type ServerAnswers =
  | { readonly kind: "answers"; readonly answers: readonly Answered[] }
  /** Not one reply came. A sentence that goes after the server's address. */
  | { readonly kind: "silent"; readonly text: string };

/** Asks a real server the questions of expectations, and gives what came of each in their order. Never rejects. */
export async function askTestedServer(
  snapshot: Snapshot,
  questions: readonly ExpectedQuestion[],
  server: TestedServer,
): Promise<ServerAnswers> {
  const own = ownAddresses(snapshot);
  let replies = 0;
  let failure: AskFailure | undefined;
  let silences = 0;
  const answers = await eachOf(questions, AT_ONCE, async (question): Promise<Answered> => {
    const standing = standingOf(snapshot, question, server);
    if (typeof standing === "string") return { kind: "skipped", why: standing };
    if (replies === 0 && silences >= SILENCES) return { kind: "skipped", why: "the server is silent" };
    const result = await askOnce(question, standing.subnet, server, own);
    if (result.kind === "failed") {
      failure ??= result;
      silences += isFinal(result) ? SILENCES : 1;
      return { kind: "seen", seen: { ending: wordOf(result), values: [], chain: [], ttls: [] } };
    }
    replies += 1;
    return result;
  });
  const isAboutSilence = questions.some(({ expectation }) => expectation.resolves?.includes("no-reply") === true);
  if (failure !== undefined && replies === 0 && !isAboutSilence) return { kind: "silent", text: failure.text };
  return { kind: "answers", answers };
}

/** Silence has a word that an expectation may want; other trouble is told as it is. */
function wordOf({ why, text }: AskFailure): string {
  return why === "timeout" ? "no-reply" : `no usable reply: it ${text}`;
}

function isFinal({ why }: AskFailure): boolean {
  return why !== "timeout" && why !== "closed-connection" && why !== "malformed-reply";
}

/** By what the server is to know who asks, or why the question is none for it. */
function standingOf(
  snapshot: Snapshot,
  { expectation, asker }: ExpectedQuestion,
  { as }: TestedServer,
): { readonly subnet?: Cidr } | string {
  if (expectation.ask !== undefined) return `it asks ${expectation.ask}, which this server need not be`;
  const who = askerText(asker);
  if (as !== undefined)
    return as.toLowerCase() === who.toLowerCase() ? {} : `it is about ${who}, and we stand in ${as}`;
  const subnet = subnetOf(snapshot, asker);
  return subnet === undefined ? `no client subnet says that ${who} asks: stand there, with --as ${who}` : { subnet };
}

async function askOnce(
  { expectation, name, type }: ExpectedQuestion,
  subnet: Cidr | undefined,
  { at, source, timeoutMs, tries, random }: TestedServer,
  own: OwnAddresses,
): Promise<Answered | AskFailure> {
  const options = subnet === undefined ? [] : [clientSubnetOption(subnet)];
  const edns: Edns = { version: EDNS_VERSION, udpSize: DEFAULT_UDP_SIZE, dnssecOk: false, options };
  const result = await ask(
    {
      server: at,
      name,
      type,
      rd: true,
      edns,
      timeoutMs,
      tries,
      transport: { kind: "udp-then-tcp" },
      ...(source === undefined ? {} : { from: source }),
    },
    random,
  );
  if (result.kind === "failed") return result;
  if (subnet !== undefined && !honoursSubnet(result.message, subnet))
    return {
      kind: "skipped",
      why: `${formatAddressPort(at)} takes no client subnet from here: say where we stand with --as NETWORK`,
    };
  return answeredByServer(expectation, seenInReply({ name, type }, result.message, own));
}
