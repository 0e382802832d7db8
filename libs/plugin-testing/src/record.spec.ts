import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fixtureOf, replaceAddresses } from './record.ts';
import { runCli } from './run-cli.ts';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'bangui-record-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  return dir;
}

describe('fixtures', () => {
  it('have documentation addresses in the place of all others', () => {
    const text = [
      '45.33.41.0\t45.33.41.255\t255.255.255.0\t579',
      '1.10.16.0/20 ; SBL1',
      '9.9.9.9 at 19:17:02, version 1.2.3',
      '2a06:e480::/29',
      '2a00:1450:4001:80b::200e',
      '127.0.0.1 ::1 0.0.0.0',
    ].join('\n');
    expect(replaceAddresses(text)).toBe(
      [
        '192.0.2.0\t192.0.2.255\t255.255.255.0\t579',
        '198.51.100.0/24 ; SBL1',
        '203.0.113.9 at 19:17:02, version 1.2.3',
        '2001:db8:0:0:0:0:0:0/32',
        '2001:db8:4001:80b:0:0:0:200e',
        '127.0.0.1 ::1 0.0.0.0',
      ].join('\n'),
    );
  });

  it('keep the head, some lines and the last line', () => {
    const list = ['# head', ...Array.from({ length: 50 }, (_, index) => `192.0.2.${index}`), '# end'].join('\n');
    expect(fixtureOf(list, 2)).toBe('# head\n192.0.2.0\n192.0.2.1\n# end');
  });

  it('keep some items of every array in JSON', () => {
    const fixture = fixtureOf(JSON.stringify({ data: [{ ip: '9.9.9.9', tags: [1, 2, 3] }, 2, 3] }), 2);
    expect(JSON.parse(fixture)).toEqual({ data: [{ ip: '192.0.2.9', tags: [1, 2] }, 2] });
  });
});

describe('bangui-source record', () => {
  it('records a list from the web', async () => {
    const dir = await folder();
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/list.txt' ? 200 : 404;
      response.end('9.9.9.9\n9.9.9.8\n9.9.9.7\n');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      server.close();
    });
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
    const base = `http://127.0.0.1:${address.port}`;
    const to = join(dir, 'list.txt');
    expect(await runCli(['record', '--lines', '1', `${base}/list.txt`, to])).toBe(0);
    expect(await readFile(to, 'utf8')).toBe('192.0.2.9\n192.0.2.7\n');
    expect(await runCli(['record', `${base}/other.txt`, to])).toBe(1);
  });

  it('records a list from a file', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'from.txt'), '9.9.9.9\n');
    expect(await runCli(['record', join(dir, 'from.txt'), join(dir, 'to.txt')])).toBe(0);
    expect(await readFile(join(dir, 'to.txt'), 'utf8')).toBe('192.0.2.9\n');
    expect(await runCli(['record', join(dir, 'absent.txt'), join(dir, 'to.txt')])).toBe(1);
  });

  it.each([
    [[]],
    [['play', 'a', 'b']],
    [['record', 'a']],
    [['record', '--lines', '0', 'a', 'b']],
    [['record', '--x', 'a', 'b']],
  ])('says how it is used for %j', async (args) => {
    await folder();
    expect(await runCli(args)).toBe(2);
  });
});
