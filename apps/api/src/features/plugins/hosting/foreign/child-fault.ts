import { MalformedFeed } from '@bangui/plugin-sdk';
import { PluginFault } from '../plugin-fault.ts';

/** What a child says in place of an answer. It is the plugin's word: nothing of it is taken for granted. */
export function faultOfFrame(payload: Uint8Array): MalformedFeed | PluginFault {
  let said: unknown;
  try {
    said = JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    // Then it said nothing.
  }
  const told = typeof said === 'object' && said !== null ? said : {};
  const message = 'message' in told && typeof told.message === 'string' ? told.message.slice(0, 500) : 'It broke.';
  if (!('kind' in told)) return new PluginFault('broken', message);
  if (told.kind === 'malformed') return new MalformedFeed(message);
  return new PluginFault(told.kind === 'too-much' ? 'too-much' : 'broken', message);
}
