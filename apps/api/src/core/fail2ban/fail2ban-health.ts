/** What the health answers need to know of fail2ban. */
export interface Fail2banState {
  readonly online: boolean;
  /** How long the last answer took in milliseconds; null when there was none. */
  readonly latencyMs: number | null;
}

/**
 * Asks whether fail2ban is there. While a command of ours is in flight within its limit it counts as online, because
 * fail2ban has one thread and a ping would wait behind our own work; it is offline when connecting fails, when that
 * limit has passed, or after 3 s of silence with nothing of ours in flight.
 */
export abstract class Fail2banHealth {
  /** Never rejects and settles within 3 s. */
  abstract state(): Promise<Fail2banState>;
}
