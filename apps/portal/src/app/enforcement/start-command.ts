/** How an enforcer is started that asks the API of this page. */
export interface StartCommand {
  /** For a shell of root in BanGUI's folder; variables as in docs/guide/enforcement.md. */
  readonly text: string;
  /** Whether it can only run on BanGUI's own machine: elsewhere the enforcer would have to ask over plain http, which it refuses. */
  readonly isHereOnly: boolean;
}

/** What to type to start an enforcer, from the address of this page. */
export function startCommand({
  protocol,
  hostname,
  port,
}: Pick<Location, 'protocol' | 'hostname' | 'port'>): StartCommand {
  const isPlain = protocol === 'http:';
  const isLoopback = hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
  // Names may lead elsewhere, so the enforcer takes none over plain http, `localhost` included.
  const host = isPlain && !isLoopback ? '127.0.0.1' : hostname;
  const origin = `${protocol}//${host}${port === '' ? '' : `:${port}`}`;
  return {
    text: `BANGUI_API_URL=${origin} BANGUI_API_TOKEN_FILE=/etc/bangui/token npx bangui-enforcer`,
    isHereOnly: isPlain,
  };
}
