import { expect, it } from 'vitest';
import { logEvents } from './log-events.ts';
import { Log } from './log.ts';
import { requestContext } from './request-context.ts';

async function logTo(lines: string[]): Promise<Log> {
  return Log.open({ level: 'info', format: 'json', write: (line) => lines.push(line) });
}

it('writes one line with the event before the fields and the request id after them', async () => {
  const lines: string[] = [];
  const log = await logTo(lines);
  requestContext.run({ requestId: 'r1' }, () =>
    log.warn(logEvents.signInFailed, { address: '192.0.2.1', username: 'x"\n,"event":"y' }),
  );
  expect(lines).toEqual([
    expect.stringMatching(
      /^\{"level":"warn","time":"[^"]+","event":"sign_in_failed","address":"192\.0\.2\.1","username":"x\\"\\n,\\"event\\":\\"y","requestId":"r1"\}\n$/,
    ),
  ]);
});

it('cuts texts that are too long and writes errors with their stack', async () => {
  const lines: string[] = [];
  (await logTo(lines)).error(logEvents.requestFailed, { path: 'x'.repeat(5_000), error: new Error('boom') });
  const line = JSON.parse(lines[0] ?? '') as { path: string; error: { message: string; stack: string } };
  expect(line.path).toHaveLength(1_001);
  expect(line.error).toMatchObject({ message: 'boom', stack: expect.stringContaining('log.spec.ts') as unknown });
});

it('leaves out what is below its level', async () => {
  const lines: string[] = [];
  (await logTo(lines)).debug(logEvents.requestCompleted);
  expect(lines).toEqual([]);
});
