import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Fail2banClient } from '@bangui/fail2ban';
import { PrivateFail2ban, fail2banTools } from '@bangui/fail2ban/testing';
import { type Figure, atMost, percentile, timed } from './measure.ts';

const run = promisify(execFile);

/** Our kept connection beside a `fail2ban-client` process, against the same server. */
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
  ];
}
