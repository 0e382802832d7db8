import { expect, it } from 'vitest';
import { Log } from '../logging/log.ts';
import { defineEvent, EventBus } from './event-bus.ts';

const counted = defineEvent<number>('counted');

async function bus(): Promise<{ events: EventBus; lines: string[] }> {
  const lines: string[] = [];
  return {
    events: new EventBus(await Log.open({ level: 'info', format: 'json', write: (line) => lines.push(line) })),
    lines,
  };
}

it('tells every listener in the order they came, until they leave', async () => {
  const { events } = await bus();
  const heard: string[] = [];
  const leave = events.on(counted, (value) => heard.push(`a${value}`));
  events.on(counted, (value) => heard.push(`b${value}`));
  events.emit(counted, 1);
  leave();
  leave();
  events.emit(counted, 2);
  expect(heard).toEqual(['a1', 'b1', 'b2']);
});

it('logs a listener that throws and goes on with the others', async () => {
  const { events, lines } = await bus();
  const heard: number[] = [];
  events.on(counted, () => {
    throw new Error('boom');
  });
  events.on(counted, (value) => heard.push(value));
  events.emit(counted, 7);
  expect(heard).toEqual([7]);
  expect(lines.join()).toContain('"event":"listener_failed","event_name":"counted"');
});
