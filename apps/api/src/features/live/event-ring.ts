/** Events kept for clients that come back. */
const maxEvents = 10_000;
/** Characters kept at most, whatever the events hold. */
const maxCharacters = 8 * 1024 * 1024;

/** One event as it goes over the wire. */
export interface KeptEvent {
  readonly number: number;
  readonly frame: string;
}

/** What a client missed. */
export type Replay =
  | { readonly isComplete: true; readonly frames: readonly string[] }
  /** Too long ago, or from another run of the API. */
  | { readonly isComplete: false };

/** Makes one event of the stream; `id` is left out of events that must not be resumed from. */
export function eventFrame(event: string, data: unknown, id?: string): string {
  const lines = id === undefined ? [] : [`id: ${id}`];
  // JSON holds no line feeds, so hostile text cannot end the event.
  return [...lines, `event: ${event}`, `data: ${JSON.stringify(data)}`, '', ''].join('\n');
}

/** Stands for the run of the API in ids from which only the archive can go on. */
const noRun = '0';

/** Id of an event that was replayed from the archive. */
export function archivedEventId(archived: number): string {
  return `${noRun}-0.${archived}`;
}

/** Up to which event of the archive the client with this id has been told; undefined when the id does not say. */
export function archivedUpTo(id: string): number | undefined {
  const [, digits] = /^[a-z0-9]{1,32}-\d{1,15}\.(\d{1,15})$/.exec(id) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * The latest events, with ids `<start>-<n>.<archived>`: `start` names this run of the API, so that ids of another one are
 * known as such; `archived` is the event of the archive that was told last, from which another run can go on.
 */
export class EventRing {
  /** Id of the event of the archive that was told last. */
  archived = 0;
  private events: KeptEvent[] = [];
  private characters = 0;
  private last = 0;

  constructor(private readonly start: string) {}

  /** Id of the latest event. */
  get lastId(): string {
    return `${this.start}-${this.last}.${this.archived}`;
  }

  /** Keeps an event and gives its frame. */
  add(event: string, data: unknown): string {
    this.last += 1;
    const frame = eventFrame(event, data, this.lastId);
    this.events.push({ number: this.last, frame });
    this.characters += frame.length;
    // Cut in steps, because cutting one by one would move the whole list each time.
    if (this.events.length >= maxEvents + 1_000 || this.characters > maxCharacters) this.cut();
    return frame;
  }

  /** Everything after the event with this id. */
  after(id: string): Replay {
    const [, start, digits] = /^([a-z0-9]{1,32})-(\d{1,15})(?:\.\d{1,15})?$/.exec(id) ?? [];
    if (start !== this.start || digits === undefined) return { isComplete: false };
    const number = Number(digits);
    const oldest = this.events[0]?.number ?? this.last + 1;
    if (number > this.last || number < oldest - 1) return { isComplete: false };
    return { isComplete: true, frames: this.events.slice(number - oldest + 1).map(({ frame }) => frame) };
  }

  private cut(): void {
    let drop = Math.max(0, this.events.length - maxEvents);
    let characters = this.events.slice(0, drop).reduce((sum, { frame }) => sum + frame.length, 0);
    while (this.characters - characters > maxCharacters && drop < this.events.length - 1) {
      characters += this.events[drop]?.frame.length ?? 0;
      drop += 1;
    }
    this.events = this.events.slice(drop);
    this.characters -= characters;
  }
}
