/** An answer with its body read. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, undefined otherwise. */
  readonly body: T;
  readonly text: string;
}

/** How to send a request. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** A browser as far as tests need one: it keeps the session's cookie and sends BanGUI's header. */
export class ApiClient {
  /** `bangui_session=…`, or undefined before signing in. */
  cookie: string | undefined;

  constructor(readonly url: string) {}

  /** Sends a request to a path such as `/api/v1/bans`. The caller says what the body is; tests then look at it. */
  async send<T = unknown>(method: string, path: string, { headers, body }: RequestOptions = {}): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        'X-BanGUI-Request': '1',
        ...(this.cookie !== undefined && { Cookie: this.cookie }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const cookie = response.headers.getSetCookie().find((text) => text.startsWith('bangui_session='));
    if (cookie !== undefined) this.cookie = /^bangui_session=;/.test(cookie) ? undefined : cookie.split(';', 1)[0];
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('Content-Type') ?? '');
    // What a test expects of the body is checked by its assertions.
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : undefined) as T,
    };
  }

  get<T = unknown>(path: string, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('GET', path, options);
  }

  post<T = unknown>(path: string, body: unknown = {}, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('POST', path, { ...options, body });
  }

  delete<T = unknown>(path: string, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('DELETE', path, options);
  }

  /** Signs in and keeps the cookie; throws when that fails. */
  async signIn(credentials: { readonly username: string; readonly password: string }): Promise<void> {
    const answer = await this.post('/api/v1/auth/login', credentials);
    if (answer.status !== 200) throw new Error(`Sign-in failed: ${answer.status} ${answer.text}`);
  }
}
