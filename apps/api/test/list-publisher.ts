import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** How a publisher answers one request. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** A publisher of lists on loopback that does what the test says. */
export class ListPublisher {
  /** Requests so far, by path. */
  readonly requests: IncomingMessage[] = [];
  private readonly answers = new Map<string, Answering>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<ListPublisher> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const publisher = new ListPublisher(server, `http://127.0.0.1:${port}`);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      publisher.requests.push(request);
      const answer = publisher.answers.get(request.url ?? '');
      if (answer) answer(request, response);
      else response.writeHead(404).end();
    });
    return publisher;
  }

  /** Answers this path like that from now on. */
  answer(path: string, answering: Answering): void {
    this.answers.set(path, answering);
  }

  /** Publishes a text with an ETag that follows from it. */
  publish(path: string, text: string): void {
    const etag = `"${createHash('sha256').update(text).digest('hex')}"`;
    this.answer(path, (request, response) => {
      if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
      else response.writeHead(200, { ETag: etag, 'Content-Type': 'text/plain' }).end(text);
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
