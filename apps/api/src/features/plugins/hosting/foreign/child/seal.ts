/** What a source has no use for, and what would lead it out of the child. */
const OPENINGS = [
  'process',
  'fetch',
  'WebSocket',
  'EventSource',
  'Request',
  'Response',
  'Headers',
  'FormData',
  'MessageChannel',
  'MessagePort',
  'BroadcastChannel',
  'navigator',
  'localStorage',
  'sessionStorage',
  'Storage',
];

/** Takes from the global object what leads out of the child, for good. Prints nothing any more. */
export function seal(): void {
  for (const name of OPENINGS) Reflect.deleteProperty(globalThis, name);
  const silent = Object.fromEntries(Object.keys(console).map((name) => [name, () => undefined]));
  Object.defineProperty(globalThis, 'console', { value: Object.freeze(silent) });
}
