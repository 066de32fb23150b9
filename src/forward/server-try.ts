import type { Random } from "../client/ask.ts";
import type { AskFailure, Exchange } from "../client/exchange.ts";
import { readMessage } from "../client/read-message.ts";
import { DEFAULT_UDP_SIZE, EDNS_VERSION, type Edns } from "../message/edns.ts";
import type { Message } from "../message/message.ts";
import { Rcodes } from "../message/rcodes.ts";
import type { Question } from "../resolve/resolution.ts";
import type { AskTerms } from "../resolve/upstream.ts";
import type { RealServer } from "./real-server.ts";
import { recognise, restoreCase, type SentQuery, writeQuery } from "./sent-query.ts";
import type { Cancel, DatagramEnd } from "./waiting.ts";

const TRUNCATED = 0b0000_0010;
const FLAGS_AT = 2;

const TRUNCATED_IT = "truncated its reply over UDP";
const CHANGED_IT = "changed letters of the question";

/** What became of one question to one server. */
export type TryEnd = { readonly kind: "message"; readonly message: Message } | AskFailure;

/**
 * Asks one server once: over UDP with random letters, where it copes with them; over TCP what it truncates, and what came
 * back in other letters, since nobody can forge that there; without EDNS what it refuses with. Silence is not its affair: whoever asks waits, and cancels.
 */
export class ServerTry {
  private readonly server: RealServer;
  private readonly question: Question;
  private readonly terms: AskTerms;
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
    { question, terms }: { readonly question: Question; readonly terms: AskTerms },
    random: Random,
    end: (end: TryEnd) => void,
  ) {
    this.server = server;
    this.question = question;
    this.terms = terms;
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
    const query = this.write(this.withCase ? this.random : undefined);
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
    this.cancelWait = this.server.stream.ask(query, (end) => this.afterStream(query, end));
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
    }
    this.end(read);
  }

  private askWithoutEdns(): void {
    this.withEdns = false;
    if (this.server.address.tls === undefined) this.askOverUdp();
    else this.askOverStream(undefined);
  }

  private write(scramble: Random | undefined): SentQuery {
    const { name, type } = this.question;
    const { dnssecOk, checkingDisabled } = this.terms;
    const edns: Edns = { version: EDNS_VERSION, udpSize: DEFAULT_UDP_SIZE, dnssecOk, options: [] };
    // AD says that we want to be told whether it was validated (RFC 6840 §5.7).
    const query = { name, type, rd: true, ad: true, cd: checkingDisabled };
    return writeQuery(this.withEdns ? { ...query, edns } : query, scramble);
  }
}

/** What servers that know no EDNS say to it (RFC 6891 §7), and what those say that know another version only. */
function isRefusalOfEdns({ rcode }: Message): boolean {
  return rcode === Rcodes.FORMERR || rcode === Rcodes.NOTIMP || rcode === Rcodes.BADVERS;
}
