import type { UpstreamReply } from "../resolve/upstream.ts";
import { Inquiry, type InquiryParts, type NamedServer } from "./inquiry.ts";
import type { Errand } from "./server-try.ts";

/** One question under way, and everybody who waits for it. */
export class Flight {
  /** Never rejects. */
  readonly reply: Promise<UpstreamReply>;
  /** Clients that wait. */
  waiting = 0;
  private settle: (reply: UpstreamReply) => void = () => {};
  private inquiry: Inquiry | undefined;

  constructor() {
    this.reply = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  /** `onEnd` is told before those who wait. */
  start(
    wanted: Errand,
    servers: readonly NamedServer[],
    until: number,
    parts: InquiryParts,
    onEnd: (reply: UpstreamReply) => void,
  ): void {
    this.inquiry = new Inquiry(wanted, servers, until, parts, (reply) => {
      onEnd(reply);
      this.settle(reply);
    });
  }

  /** Ends it as failed, unless it is over. */
  end(): void {
    this.inquiry?.end();
  }
}
