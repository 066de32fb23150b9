/** When a server is taken for down, and how it comes back. */
export interface HealthSettings {
  /** Queries in a row without a reply. */
  readonly silentQueries: number;
  /** From the first of them on. */
  readonly silentMs: number;
  /** While it is down one question is tried in so long. */
  readonly probeMs: number;
  /** With so many queries overdue in a row, what has no reply is not sent again: that would double the load of the dead. */
  readonly overdueQueries: number;
}

const HEALTH: HealthSettings = { silentQueries: 4, silentMs: 2000, probeMs: 1000, overdueQueries: 32 };

/** Weight of the newest round trip in the average, as TCP has it (RFC 6298 §2). */
const NEWEST = 1 / 8;

/** What is known of how a server does: its round trip, and whether it is worth asking. The clock is handed in. */
export class ServerHealth {
  private readonly settings: HealthSettings;
  private average: number | undefined;
  private silentQueries = 0;
  private silentSince = 0;
  private overdueQueries = 0;
  private probeAt = 0;
  private down = false;

  constructor(settings: HealthSettings = HEALTH) {
    this.settings = settings;
  }

  /** The smoothed round trip in milliseconds; absent before the first reply. */
  get roundTripMs(): number | undefined {
    return this.average;
  }

  get isDown(): boolean {
    return this.down;
  }

  /** Whether a question may be sent there: always while it is up, else at the times of the probes. Counts as one. */
  mayAsk(now: number): boolean {
    if (!this.down) return true;
    if (now < this.probeAt) return false;
    this.probeAt = now + this.settings.probeMs;
    return true;
  }

  /** A reply came. Says whether the server was down before. */
  replied(roundTripMs: number): boolean {
    const { average, down } = this;
    this.average = average === undefined ? roundTripMs : average + (roundTripMs - average) * NEWEST;
    this.silentQueries = 0;
    this.overdueQueries = 0;
    this.down = false;
    return down;
  }

  /** A query has waited longer than is usual. Says whether it is worth while to send it once more. */
  overdue(): boolean {
    this.overdueQueries += 1;
    return this.overdueQueries <= this.settings.overdueQueries;
  }

  /** A query that was sent at `sentAt` got no reply, or there is no way there. Says whether it is down from now on. */
  failed(sentAt: number, now: number): boolean {
    if (this.silentQueries === 0) this.silentSince = sentAt;
    this.silentQueries += 1;
    const { silentQueries, silentMs, probeMs } = this.settings;
    if (this.down || this.silentQueries < silentQueries || now - this.silentSince < silentMs) return false;
    this.down = true;
    this.probeAt = now + probeMs;
    return true;
  }
}
