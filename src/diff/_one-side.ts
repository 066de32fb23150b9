import type { DomainName } from "../name/domain-name.ts";
import type { Question, Resolution } from "../resolve/resolution.ts";
import type { Client } from "../snapshot/clients.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Alias } from "./_known.ts";
import { MarkTable } from "./_mark-table.ts";
import type { Marks } from "./_marks.ts";
import { SideBySide } from "./_pairs.ts";
import { answerTo } from "./asker.ts";

/**
 * One model and clients of it that are not all answered alike. Most names are answered alike by most of them: what the first
 * is answered is taken for the others, as far as comparing their views says that it is the same.
 */
export class OneSide {
  private readonly snapshot: Snapshot;
  private readonly clients: readonly Client[];
  private readonly sides: SideBySide;
  private readonly aliases: () => readonly Alias[];
  /** For each client the names that it may be answered differently than the first; made when they are needed. */
  private others: MarkTable | undefined;
  private question: Question | undefined;
  private readonly answers = new Map<number, Resolution>();

  constructor(snapshot: Snapshot, clients: readonly Client[], aliases: () => readonly Alias[]) {
    this.snapshot = snapshot;
    this.clients = clients;
    this.sides = new SideBySide(snapshot, snapshot);
    this.aliases = aliases;
  }

  /** For each client, whether it may be answered differently for a name than the first is. What is given holds until the next name. */
  unlikeFirst(name: DomainName): Uint8Array {
    this.others ??= new MarkTable(this.clients.map((client) => this.marksOf(client)));
    return this.others.covering(name);
  }

  /** What the client at an index is answered; of the last question, asked once. */
  answer(index: number, question: Question): Resolution {
    if (this.question !== question) {
      this.question = question;
      this.answers.clear();
    }
    const client: Client = this.clients[index] ?? { kind: "internet" };
    const known = this.answers.get(index) ?? answerTo(this.snapshot, client, question);
    this.answers.set(index, known);
    return known;
  }

  private marksOf(client: Client): Marks {
    const [first = client] = this.clients;
    return this.sides.marksOf(first, client, this.aliases);
  }
}
