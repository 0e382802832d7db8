/** How a source failed its host: it is wrong, too slow, or gives more than it may. */
export type PluginFaultKind = 'broken' | 'too-slow' | 'too-much';

const MAX_MESSAGE_LENGTH = 500;

/** A source did not keep to its contract. Never the publisher's fault: that is `MalformedFeed`. */
export class PluginFault extends Error {
  override readonly name = 'PluginFault';
  readonly kind: PluginFaultKind;

  constructor(kind: PluginFaultKind, message: string, options: ErrorOptions = {}) {
    super(message.slice(0, MAX_MESSAGE_LENGTH), options);
    this.kind = kind;
  }
}

/** What a thrown value says, in one short text; plugins throw anything. */
export function reasonOf(error: unknown): string {
  try {
    return (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE_LENGTH);
  } catch {
    // Its `message` or `toString` throws in turn.
    return 'something that cannot be shown';
  }
}
