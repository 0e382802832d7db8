import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** An answer that came through nginx. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The portal's port, spoken to without a browser. The certificate is the test's own, so it is not checked. */
export class Portal {
  readonly url: URL;
  private cookie = '';

  constructor(url: string) {
    this.url = new URL(url);
  }

  /** One request. Cookies are kept; a JSON body is sent as such. @throws when there is no answer within 30 s */
  ask(method: string, path: string, { headers = {}, body }: { headers?: Record<string, string>; body?: object } = {}) {
    const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const content = body === undefined ? undefined : JSON.stringify(body);
    const all = {
      'x-bangui-request': '1',
      ...(this.cookie === '' ? {} : { cookie: this.cookie }),
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    return new Promise<Answer>((resolve, reject) => {
      const signal = AbortSignal.timeout(30_000);
      const request = send(
        new URL(path, this.url),
        { method, headers: all, rejectUnauthorized: false, signal },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            for (const cookie of response.headers['set-cookie'] ?? []) this.cookie = cookie.split(';', 1)[0] ?? '';
            const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
            const body = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(flat) as Record<string, string>,
              body,
            });
          });
        },
      );
      request.on('error', reject).end(content);
    });
  }

  /** One request whose answer is JSON. @throws when its status is not 2xx */
  async json<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.ask(method, path, body === undefined ? {} : { body });
    if (answer.status < 200 || answer.status > 299) {
      throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 300)}`);
    }
    return (answer.body === '' ? undefined : JSON.parse(answer.body)) as T;
  }

  /** Milliseconds until the first bytes of the event stream arrive; the stream is then closed. */
  firstEventAfter(): Promise<number> {
    const send = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const options = {
        headers: { cookie: this.cookie, accept: 'text/event-stream' },
        rejectUnauthorized: false,
        signal: AbortSignal.timeout(30_000),
      };
      const request = send(new URL('/api/v1/events', this.url), options, (response) => {
        if (response.statusCode !== 200) reject(new Error(`the event stream answers ${response.statusCode}`));
        response.once('data', () => {
          resolve(performance.now() - startedAt);
          request.destroy();
        });
      });
      request.on('error', reject).end();
    });
  }

  /** Signs in; later requests carry the session. */
  async signIn(username: string, password: string): Promise<void> {
    await this.json('POST', '/api/v1/auth/login', { username, password });
  }
}
