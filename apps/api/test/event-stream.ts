import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type ApiClient } from './api-client.ts';
import { eventually } from './fail2ban-api.ts';

/** One received event. */
export interface ReceivedEvent {
  readonly event: string;
  readonly id: string | undefined;
  // What a test expects of the data is checked by its assertions.
  readonly data: Record<string, unknown>;
}

/** A browser's event stream as far as tests need one. */
export class EventStream {
  readonly events: ReceivedEvent[] = [];
  /** True when the server has ended the stream. */
  hasEnded = false;
  private rest = '';

  private constructor(readonly response: IncomingMessage) {
    void this.read();
  }

  /** Opens the stream; throws unless it is one. */
  static async open(client: ApiClient, headers: Record<string, string> = {}, query = ''): Promise<EventStream> {
    // Not `fetch`: after an abort it opens a spare connection.
    const outgoing = request(`${client.url}/api/v1/events${query}`, {
      agent: false,
      headers: { Cookie: client.cookie ?? '', ...headers },
    }).end();
    // What `once` gives for this event.
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    if (response.statusCode === 200) return new EventStream(response);
    response.resume();
    throw new Error(`The stream was answered with ${response.statusCode ?? 'nothing'}.`);
  }

  /** Waits for an event of this name whose data passes, also one that came before. `timeout` in milliseconds. */
  next(
    event: string,
    passes: (data: Record<string, unknown>) => boolean = () => true,
    timeout?: number,
  ): Promise<ReceivedEvent> {
    return eventually(() => {
      const found = this.events.find((one) => one.event === event && passes(one.data));
      if (!found) throw new Error(`No ${event} among ${this.events.map((one) => one.event).join(', ')}`);
      return found;
    }, timeout);
  }

  /** The data of all events of this name so far. */
  all(event: string): Record<string, unknown>[] {
    return this.events.filter((one) => one.event === event).map(({ data }) => data);
  }

  /** Id of the latest event that has one. */
  get lastId(): string {
    return this.events.findLast(({ id }) => id !== undefined)?.id ?? '';
  }

  close(): void {
    this.response.destroy();
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response as AsyncIterable<Buffer>)
        this.take(decoder.decode(chunk, { stream: true }));
    } catch {
      // Closed by the test, or cut off by the server.
    }
    this.hasEnded = true;
  }

  private take(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      const event = fields.get('event');
      if (event === undefined) continue;
      const data = JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown>;
      this.events.push({ event, id: fields.get('id'), data });
    }
  }
}
