/** How alarms are rung. */
export interface AlarmSettings {
  /** Milliseconds that an alarm may be late on an idle machine. */
  readonly everyMs: number;
  /** Alarms that ring before others have their turn: ten thousand due at once must not hold up a datagram. */
  readonly perTurn: number;
}

const SETTINGS: AlarmSettings = { everyMs: 10, perTurn: 16 };
/** Slots of the wheel; a power of two. */
const SLOTS = 2048;

/** A moment that something waits for. */
export interface Alarm {
  readonly ring: () => void;
  /** In ticks since the start. */
  dueAt: number;
  isSet: boolean;
}

/**
 * Alarms by the thousands, most of which are cleared before they ring: a wheel with one timer behind all of them. Those due
 * at the same time ring a few in each turn of the event loop.
 */
export class Alarms {
  private readonly settings: AlarmSettings;
  private readonly startedAt = performance.now();
  private readonly slots: Set<Alarm>[] = Array.from({ length: SLOTS }, () => new Set());
  /** Due, and not rung yet. */
  private readonly due = new Set<Alarm>();
  private timer: NodeJS.Timeout | undefined;
  private turn: NodeJS.Immediate | undefined;
  /** The last tick that was looked at. */
  private tick = 0;
  private count = 0;

  constructor(settings: AlarmSettings = SETTINGS) {
    this.settings = settings;
  }

  /** Rings `ring` once, `ms` from now or a little later, unless it is cleared before. */
  set(ms: number, ring: () => void): Alarm {
    const now = this.now();
    if (this.count === 0) this.tick = now;
    const alarm = { ring, dueAt: now + Math.max(1, Math.ceil(ms / this.settings.everyMs)), isSet: true };
    this.count += 1;
    this.slotOf(alarm).add(alarm);
    this.timer ??= setTimeout(() => this.look(), this.settings.everyMs);
    return alarm;
  }

  clear(alarm: Alarm | undefined): void {
    if (alarm?.isSet !== true) return;
    alarm.isSet = false;
    this.count -= 1;
    if (!this.slotOf(alarm).delete(alarm)) this.due.delete(alarm);
    if (this.count > 0) return;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private now(): number {
    return Math.floor((performance.now() - this.startedAt) / this.settings.everyMs);
  }

  private slotOf({ dueAt }: Alarm): Set<Alarm> {
    const slot = this.slots[dueAt & (SLOTS - 1)];
    if (slot === undefined) throw new RangeError("a wheel without slots");
    return slot;
  }

  /** Finds what is due. A wheel that stood still for longer than it goes round is looked at once. */
  private look(): void {
    this.timer = undefined;
    const now = this.now();
    for (let tick = Math.max(this.tick + 1, now - SLOTS + 1); tick <= now; tick++) {
      const slot = this.slots[tick & (SLOTS - 1)] ?? [];
      for (const alarm of slot) {
        if (alarm.dueAt > now) continue; // In a later round.
        this.slotOf(alarm).delete(alarm);
        this.due.add(alarm);
      }
    }
    this.tick = now;
    if (this.turn === undefined) this.ringSome();
    if (this.count > 0) this.timer ??= setTimeout(() => this.look(), this.settings.everyMs);
  }

  private ringSome(): void {
    this.turn = undefined;
    let left = this.settings.perTurn;
    for (const alarm of this.due) {
      if (left === 0) break;
      left -= 1;
      this.due.delete(alarm);
      alarm.isSet = false;
      this.count -= 1;
      alarm.ring();
    }
    if (this.due.size > 0) this.turn = setImmediate(() => this.ringSome());
  }
}
