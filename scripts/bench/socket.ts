import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Fail2banClient, type JailParameter } from '@bangui/fail2ban';
import { PrivateFail2ban, fail2banTools } from '@bangui/fail2ban/testing';
import { processorTime } from './api-process.ts';
import { type Figure, atMost, percentile, timed } from './measure.ts';

const run = promisify(execFile);

/** Our kept connection beside a `fail2ban-client` process, against the same server, and many questions over it. */
export async function measureSocket(): Promise<Figure[]> {
  await using fail2ban = await PrivateFail2ban.start();
  const client = new Fail2banClient({ socketPath: fail2ban.socketPath });
  await timed(500, () => client.ping());
  const kept = await timed(5_000, () => client.ping());
  await client.close();
  const process = await timed(15, () => run(fail2banTools().client, ['-c', fail2ban.configDir, 'ping']));
  const p50 = percentile(kept, 0.5);
  return [
    atMost('ping over the kept connection, p50', p50, 0.1, 'ms', 3),
    { name: 'ping over the kept connection, p99', value: `${percentile(kept, 0.99).toFixed(3)} ms` },
    { name: 'fail2ban-client ping, p50', value: `${percentile(process, 0.5).toFixed(1)} ms` },
    {
      name: 'times faster than fail2ban-client',
      value: (percentile(process, 0.5) / p50).toFixed(0),
      bound: '> 300',
      isKept: percentile(process, 0.5) / p50 > 300,
    },
    ...(await measureReading()),
  ];
}

const JAILS = 100;
const ROUNDS = 5;
const PARAMETERS: readonly JailParameter[] = ['bantime', 'findtime', 'maxretry', 'usedns', 'datepattern', 'prefregex'];

/** 25 questions about each of many jails: side by side, and each when the one before is answered. */
async function measureReading(): Promise<Figure[]> {
  const jails = Array.from({ length: JAILS }, (_, index) => `own-${index}`);
  const text = jails.map((jail) => `[${jail}]\nenabled = true\nfilter = test\nlogpath = @DIR@/log/web.log\n`).join('');
  await using fail2ban = await PrivateFail2ban.start({ jails: text });
  const client = new Fail2banClient({ socketPath: fail2ban.socketPath });
  const questionsOf = (jail: string): (() => Promise<unknown>)[] =>
    Array.from({ length: 25 }, (_, index) => {
      const parameter = PARAMETERS[index % PARAMETERS.length] ?? 'bantime';
      return () => client.get(jail, parameter);
    });
  try {
    const together = await reading(fail2ban.pid, async () => {
      for (const jail of jails) await Promise.all(questionsOf(jail).map((ask) => ask()));
    });
    const apart = await reading(fail2ban.pid, async () => {
      for (const jail of jails) for (const ask of questionsOf(jail)) await ask();
    });
    return [
      { name: `25 questions about each of ${JAILS} jails, p50`, ...together },
      { name: 'the same, each when the one before is answered', ...apart },
    ];
  } finally {
    await client.close();
  }
}

async function reading(serverPid: number, read: () => Promise<void>): Promise<Pick<Figure, 'value' | 'processor'>> {
  await read();
  const [own, served] = [process.cpuUsage(), await processorTime(serverPid)];
  const samples = await timed(ROUNDS, read);
  const { user, system } = process.cpuUsage(own);
  const ours = (user + system) / 1_000 / ROUNDS;
  const theirs = (((await processorTime(serverPid)) - served) * 1_000) / ROUNDS;
  return {
    value: `${percentile(samples, 0.5).toFixed(0)} ms`,
    processor: `${ours.toFixed(0)} ms, of fail2ban ${theirs.toFixed(0)} ms`,
  };
}
