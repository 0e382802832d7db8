/** What a transport tells its user. */
export interface TransportListener {
  /** A text arrived, from anybody who can reach the transport; also those that this instance sent. */
  received(text: string): void;
  /** From now on texts arrive. What others sent before may be lost. */
  connected(): void;
  /** Until `connected` is called again nothing arrives. */
  lost(reason: string): void;
}

/** Carries texts between the instances that share one database: at most once, and only while connected. */
export abstract class InstanceTransport {
  /** Whether there may be other instances at all. */
  abstract readonly isShared: boolean;

  /** Begins to connect, and connects again after every cut until {@link stop}. */
  abstract start(listener: TransportListener): void;

  /** Rejects when the text may not have been sent. */
  abstract send(text: string): Promise<void>;

  /** Closes the connection within a second. */
  abstract stop(): Promise<void>;
}

/** For an instance that is alone: an SQLite database belongs to one process. */
export class NoTransport extends InstanceTransport {
  readonly isShared = false;

  start(): void {
    // Nobody to connect to.
  }

  send(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
