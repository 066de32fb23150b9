import type { Random } from "../client/ask.ts";
import type { AskFailure, Exchange } from "../client/exchange.ts";
import { readMessage } from "../client/read-message.ts";
import { clientSubnetOption } from "../message/client-subnet.ts";
import { DEFAULT_UDP_SIZE, EDNS_VERSION, type Edns, type EdnsOption, OptionCodes } from "../message/edns.ts";
import type { Message } from "../message/message.ts";
import { Rcodes } from "../message/rcodes.ts";
import type { Cidr } from "../net/cidr.ts";
import type { UpstreamQuestion } from "../resolve/upstream.ts";
import { writeProxyHeader } from "../transport/proxy-header.ts";
import type { RealServer } from "./real-server.ts";
import { recognise, restoreCase, type SentQuery, writeQuery } from "./sent-query.ts";
import type { ToldClient } from "./told-client.ts";
import type { Cancel, DatagramEnd } from "./waiting.ts";

const TRUNCATED = 0b0000_0010;
const FLAGS_AT = 2;

const TRUNCATED_IT = "truncated its reply over UDP";
const CHANGED_IT = "changed letters of the question";

/** What is asked, and what is told of who asks it. */
export interface Errand extends UpstreamQuestion {
  readonly told?: ToldClient;
}

/** What became of one question to one server. `scopeLength`: for how many bits of the client's subnet the reply is. */
export type TryEnd = { readonly kind: "message"; readonly message: Message; readonly scopeLength: number } | AskFailure;

/**
 * Asks one server once: over UDP with random letters, where it copes with them; over TCP what it truncates, and what came
 * back in other letters, since nobody can forge that there; without EDNS what it refuses with. Silence is not its affair: whoever asks waits, and cancels.
 */
export class ServerTry {
  private readonly server: RealServer;
  private readonly errand: Pick<Errand, "question" | "terms" | "told">;
  private readonly random: Random;
  private readonly end: (end: TryEnd) => void;
  private withEdns: boolean;
  private withCase: boolean;
  private cancelWait: Cancel = () => {};
  /** What sent the question to the stream, as a clause. */
  private before: typeof TRUNCATED_IT | typeof CHANGED_IT | undefined;

  /** `end` is called once at most, never before the constructor returns. */
  constructor(
    server: RealServer,
    errand: Pick<Errand, "question" | "terms" | "told">,
    random: Random,
    end: (end: TryEnd) => void,
  ) {
    this.server = server;
    this.errand = errand;
    this.random = random;
    this.end = end;
    this.withEdns = server.takesEdns;
    this.withCase = server.keepsCase;
    if (server.address.tls === undefined) this.askOverUdp();
    else this.askOverStream(undefined);
  }

  cancel(): void {
    this.cancelWait();
  }

  private askOverUdp(): void {
    const { proxied } = this.errand.told ?? {};
    const plain = this.write(this.withCase ? this.random : undefined);
    const query = proxied === undefined ? plain : { ...plain, preface: writeProxyHeader(proxied, "udp") };
    this.cancelWait = this.server.datagrams.ask(query, (end) => this.afterUdp(query, end));
  }

  private afterUdp(query: SentQuery, end: DatagramEnd): void {
    switch (end.kind) {
      case "failed":
        return this.end(end);
      case "other-case":
        return this.askOverStream(CHANGED_IT);
      case "octets":
        if (((end.octets[FLAGS_AT] ?? 0) & TRUNCATED) !== 0) return this.askOverStream(TRUNCATED_IT); // RFC 7766 §5
        if (this.before === CHANGED_IT) this.server.changedCase(); // It has no TCP, and is so.
        return this.read(query, end.octets);
    }
  }

  private askOverStream(before: ServerTry["before"]): void {
    this.before = before;
    const query = this.write(before === CHANGED_IT ? this.random : undefined);
    const { proxied } = this.errand.told ?? {};
    const stream =
      proxied === undefined ? this.server.stream : this.server.streamWith(writeProxyHeader(proxied, "tcp"));
    this.cancelWait = stream.ask(query, (end) => this.afterStream(query, end));
  }

  private afterStream(query: SentQuery, end: Exchange): void {
    const { before, server } = this;
    if (end.kind === "octets") {
      if (before === CHANGED_IT && recognise(query, end.octets) === "other-case") server.changedCase();
      return this.read(query, end.octets);
    }
    if (before === CHANGED_IT) {
      this.withCase = false;
      return this.askOverUdp();
    }
    this.end(before === undefined ? end : { ...end, text: `${before}, and over TCP ${end.text}` });
  }

  private read(query: SentQuery, octets: Uint8Array): void {
    restoreCase(query, octets);
    const read = readMessage(octets);
    if (read.kind === "message") {
      const isRefusal = isRefusalOfEdns(read.message);
      if (this.withEdns && isRefusal) return this.askWithoutEdns();
      if (!this.withEdns && !isRefusal && this.server.takesEdns) this.server.refusedEdns();
      const subnet = this.withEdns ? this.errand.told?.subnet : undefined;
      const scopeLength = subnet === undefined ? 0 : scopeOf(read.message, subnet);
      return this.end(
        scopeLength === undefined ? FOREIGN_SUBNET : { kind: "message", message: read.message, scopeLength },
      );
    }
    this.end(read);
  }

  private askWithoutEdns(): void {
    this.withEdns = false;
    if (this.server.address.tls === undefined) this.askOverUdp();
    else this.askOverStream(undefined);
  }

  private write(scramble: Random | undefined): SentQuery {
    const { name, type } = this.errand.question;
    const { dnssecOk, checkingDisabled } = this.errand.terms;
    const subnet = this.errand.told?.subnet;
    const options = subnet === undefined ? NO_OPTIONS : [clientSubnetOption(subnet)];
    const edns: Edns = { version: EDNS_VERSION, udpSize: DEFAULT_UDP_SIZE, dnssecOk, options };
    // AD says that we want to be told whether it was validated (RFC 6840 §5.7).
    const cd = checkingDisabled;
    const withEdns = this.withEdns ? { edns } : {};
    return writeQuery({ name, type, rd: true, ad: true, cd, ...withEdns }, scramble);
  }
}

const NO_OPTIONS: readonly EdnsOption[] = [];

const FOREIGN_SUBNET: AskFailure = {
  kind: "failed",
  why: "malformed-reply",
  text: "answered for another client subnet than the one it was asked about",
};

/**
 * For how many bits of a subnet a reply is: for all subnets, 0, where it does not say (RFC 7871 §7.3). Nothing where it
 * speaks of another one: whoever sent it was asked something else.
 */
function scopeOf({ edns }: Message, subnet: Cidr): number | undefined {
  const option = edns?.options.find(({ code }) => code === OptionCodes.CLIENT_SUBNET);
  if (option === undefined) return 0;
  const sent = clientSubnetOption(subnet).octets;
  const isOurs =
    option.octets.length === sent.length && option.octets.every((octet, i) => i === 3 || octet === sent[i]);
  if (!isOurs) return undefined;
  const scope = option.octets[3] ?? 0;
  return scope <= subnet.address.octets.length * 8 ? scope : undefined;
}

/** What servers that know no EDNS say to it (RFC 6891 §7), and what those say that know another version only. */
function isRefusalOfEdns({ rcode }: Message): boolean {
  return rcode === Rcodes.FORMERR || rcode === Rcodes.NOTIMP || rcode === Rcodes.BADVERS;
}
