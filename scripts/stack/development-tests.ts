import { join } from 'node:path';
import { checkout } from '../lib/paths.ts';
import { docker, until } from './docker.ts';
import { Portal } from './portal.ts';
import { check, type Report } from './report.ts';

const project = 'bangui-test-development';
const file = join(checkout, 'docker/compose.yml');

/** The containers for development: built from this checkout, on the ports that their file says, and taken down with their volumes. */
export async function testDevelopment(report: Report): Promise<void> {
  const compose = (...args: readonly string[]): Promise<string> =>
    docker(['compose', '--project-name', project, '--file', file, ...args]);
  try {
    await report.test('the containers for development come up on their ports, built from this checkout', async () => {
      await compose('up', '--detach', '--build', '--wait');
      for (const url of ['http://127.0.0.1:5173', 'http://127.0.0.1:8000']) {
        await until(60_000, `${url} healthy`, async () => {
          const { status, body } = await new Portal(url).ask('GET', '/api/health');
          return status === 200 && body.includes('"fail2ban":"online"') ? true : undefined;
        });
      }
      const page = await new Portal('http://127.0.0.1:5173').ask('GET', '/', { headers: { accept: 'text/html' } });
      check(page.status === 200 && page.body.includes('<bangui-root'), `the portal: ${page.status}`);
      await until(60_000, 'a doctor without problems', () => compose('exec', '--no-TTY', 'api', 'bangui', 'doctor'));
      return undefined;
    });
    await report.test('fail2ban and enforcer of the development leave the firewall of the host alone', async () => {
      const networks = await Promise.all(
        ['fail2ban', 'enforcer'].map((service) =>
          compose('exec', '--no-TTY', service, 'readlink', '/proc/self/ns/net'),
        ),
      );
      const host = await docker([
        'run',
        '--rm',
        '--network',
        'host',
        '--entrypoint',
        'readlink',
        'bangui-dev/fail2ban',
        '/proc/self/ns/net',
      ]);
      check(networks[0] === networks[1], 'they do not share a network');
      check(networks[0] !== host, 'it is that of the host');
      return undefined;
    });
  } finally {
    await compose('down', '--volumes');
  }
}
