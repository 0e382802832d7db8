import { expect, it } from 'vitest';
import { EventBus } from '../../core/events/event-bus.ts';
import { Log } from '../../core/logging/log.ts';
import { pluginsChanged } from './plugin-info.ts';
import { PluginPlaces, SourcePlugins } from './source-plugins.ts';

async function* bodyOf(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(Buffer.from(text));
}

it('finds the sources that come with BanGUI, and reads with them', async () => {
  const log = await Log.open({ level: 'silent', format: 'json' });
  const events = new EventBus(log);
  let changes = 0;
  events.on(pluginsChanged, () => (changes += 1));
  const plugins = new SourcePlugins(events, log, new PluginPlaces());
  await plugins.rescan();
  expect(changes).toBe(1);
  expect(plugins.all().map(({ id, state, reasons }) => [id, state, reasons])).toContainEqual([
    'ipsum',
    'available',
    [],
  ]);
  expect(plugins.all().filter(({ state }) => state !== 'available')).toEqual([]);
  expect(plugins.location('greensnow')).toMatchObject({ id: 'greensnow', trust: 'in-tree' });
  const source = plugins.source('greensnow');
  const config = await source?.readConfig({});
  if (!source || !config || config.issues) throw new Error('greensnow takes no settings');
  const [feed] = await source.feeds(config.value);
  if (!feed) throw new Error('greensnow has no feed');
  const batches = [];
  for await (const batch of source.parse(bodyOf('192.0.2.7\n'), feed, config.value, AbortSignal.timeout(20_000))) {
    batches.push(batch);
  }
  expect(batches).toEqual([expect.objectContaining({ hosts4: Uint32Array.of(0xc0000207) })]);
});
