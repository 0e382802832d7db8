import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeBlocks } from '../../docs/markdown.ts';
import { checkout } from '../../lib/paths.ts';
import { run } from '../../lib/programs.ts';
import { administrator, bannedAddress } from '../browser-test.ts';
import { docker, until } from '../docker.ts';
import { check, type Report } from '../report.ts';
import { Machine } from './machine.ts';

const image = 'bangui-test/bare-metal';
/** What a container cannot do: its kernel is that of the engine, which has the modules or not. */
const ofTheKernel = /modules-load/;

/** Lines of a section of the guide that are meant for a shell, or another kind of its blocks; the sections go by their first words. */
async function guide(section: string, language: 'sh' | 'ini' = 'sh'): Promise<string[]> {
  const text = await readFile(join(checkout, 'docs/guide/install-bare-metal.md'), 'utf8');
  const found = text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${section}`));
  const blocks = codeBlocks(found ?? '').filter((block) => block.language === language);
  check(blocks.length > 0, `the guide has no section ${section} with ${language}`);
  return blocks.map((block) => block.text);
}

/** Builds the machine: Debian, and the guide's first step from what is committed in this checkout. */
async function build(): Promise<undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-bare-metal-'));
  try {
    await run('git', [
      'clone',
      '--quiet',
      '--bare',
      '--no-local',
      '--depth=1',
      `file://${checkout}`,
      join(folder, 'repository.git'),
    ]);
    await writeFile(join(folder, 'programs.sh'), (await guide('1.')).join('\n'));
    const network = process.env['BANGUI_BUILD_NETWORK'] ?? 'default';
    const file = join(checkout, 'scripts/stack/bare-metal/Dockerfile');
    await docker(['build', '--quiet', '--network', network, '--tag', image, '--file', file, folder]);
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A property of a unit as systemd knows it. */
function property(machine: Machine, unit: string, name: string): Promise<string> {
  return machine.sh(`systemctl show --property=${name} --value ${unit}`);
}

/** fail2ban's answer about an option, until it is as wanted. */
function told(machine: Machine, question: string, wanted: RegExp): Promise<true> {
  return until(60_000, `${question}: ${wanted.source}`, async () =>
    wanted.test(await machine.sh(`fail2ban-client get ${question}`)) ? true : undefined,
  );
}

/** A Debian with systemd, on which BanGUI is installed, used, updated and removed by the lines of the guide. */
export async function testBareMetal(report: Report, { isBuilt }: { readonly isBuilt: boolean }): Promise<void> {
  if (!isBuilt) {
    const built = await report.test('the first step of the guide installs and compiles', build);
    if (!built) return;
  }
  const machine = await Machine.boot('bangui-test-bare-metal', image);
  try {
    await testMachine(report, machine);
  } finally {
    await machine.remove();
  }
}

async function testMachine(report: Report, machine: Machine): Promise<void> {
  const isUp = await report.test('the next steps of the guide start BanGUI under systemd', async () => {
    for (const lines of await guide('2.')) await machine.sh(lines);
    await machine.write('/etc/bangui/bangui.env', `${(await guide('3.', 'ini')).join('\n')}\n`, '0640');
    await machine.sh('chgrp bangui /etc/bangui/bangui.env');
    const [start = '', doctor = '', journal = ''] = await guide('4.');
    const answer = await machine.sh(start);
    check(answer.includes('{"status":"ok","fail2ban":"online"}'), answer);
    const found = await machine.sh(doctor);
    check(
      (await machine.sh(`${journal} --no-pager`)).includes('"event":"setup_code_created"'),
      'no code in the journal',
    );
    return `${found.split('\n').filter((line) => line.startsWith('ok ')).length} checks of bangui doctor`;
  });
  if (!isUp) {
    console.log(await machine.sh('systemctl status --no-pager bangui fail2ban || true; journalctl -n 40 --no-pager'));
    return;
  }
  await report.test('its jail is armed, and a ban is a rule', async () => {
    await machine.json('POST', '/api/v1/setup', administrator);
    await machine.json('POST', '/api/v1/auth/login', administrator);
    await until(60_000, 'sshd armed', async () => {
      type Jails = { items: readonly { name: string; armed: { status: string } }[] };
      const { items } = await machine.json<Jails>('GET', '/api/v1/jails');
      return items.some(({ name, armed }) => name === 'sshd' && armed.status === 'armed') ? true : undefined;
    });
    await machine.json('POST', '/api/v1/bans', { jail: 'sshd', addresses: [bannedAddress] });
    await until(30_000, 'the rule', async () =>
      (await machine.sh('iptables-save')).includes(bannedAddress) ? true : undefined,
    );
    return undefined;
  });
  await report.test('the unit leaves room for a change of a jail', async () => {
    type Jail = { file: { etag: string | null } };
    const { file } = await machine.json<Jail>('GET', '/api/v1/configuration/jails/sshd');
    const jails = [{ jail: 'sshd', set: [{ option: 'maxretry', value: '9' }], etag: file.etag }];
    await machine.json('POST', '/api/v1/configuration/changes', { jails });
    await told(machine, 'sshd maxretry', /^9$/);
    return undefined;
  });
  await report.test('a setting is kept over a restart of fail2ban, whose socket is opened again', async () => {
    const { file } = await machine.json<{ file: { etag: string | null } }>('GET', '/api/v1/configuration/server');
    const server = { set: [{ option: 'dbmaxmatches', value: '7' }], unset: [], etag: file.etag };
    await machine.json('POST', '/api/v1/configuration/changes', { server });
    await told(machine, 'dbmaxmatches', /\b7\b/);
    await machine.sh('systemctl restart fail2ban');
    await told(machine, 'dbmaxmatches', /\b7\b/);
    await machine.healthy(60_000);
    await machine.sh('bangui doctor');
    return undefined;
  });
  await report.test('a killed BanGUI is started again', async () => {
    await machine.sh('systemctl kill --signal=KILL bangui');
    await until(60_000, 'another BanGUI', async () =>
      (await property(machine, 'bangui', 'NRestarts')) === '1' ? true : undefined,
    );
    await machine.healthy(60_000);
    return undefined;
  });
  await report.test('a wrong setting ends the start for good', async () => {
    await machine.sh('echo BANGUI_PORT=none >> /etc/bangui/bangui.env; systemctl restart bangui');
    await until(60_000, 'the end', async () =>
      (await property(machine, 'bangui', 'ActiveState')) === 'failed' ? true : undefined,
    );
    check((await property(machine, 'bangui', 'ExecMainStatus')) === '78', 'another status than 78');
    await machine.sh("sed -i '/^BANGUI_PORT=/d' /etc/bangui/bangui.env; systemctl restart bangui");
    await machine.healthy(60_000);
    return undefined;
  });
  await report.test('it stops within its time', async () => {
    const startedAt = performance.now();
    await machine.sh('systemctl stop bangui');
    const seconds = (performance.now() - startedAt) / 1000;
    const result = await property(machine, 'bangui', 'Result');
    check(seconds < 25 && result === 'success', `${result}, after ${seconds.toFixed(1)} s`);
    await machine.sh('systemctl start bangui');
    await machine.healthy(60_000);
    return `stopped after ${seconds.toFixed(1)} s`;
  });
  await report.test('the enforcer reports to it', () => startEnforcer(machine));
  await report.test('the lines for an update install the next commit', () => update(machine));
  await report.test('nothing of it is left after the lines for its removal', async () => {
    const [, removal = ''] = await guide('Update and remove');
    await machine.sh(removal);
    check(
      (await machine.sh('iptables-save | grep -ci bangui || true; ipset list -n | grep -ci bangui || true')) === '0\n0',
      'rules are left',
    );
    check((await machine.sh('systemctl list-unit-files --no-legend "bangui*" || true')) === '', 'units are left');
    return undefined;
  });
}

async function startEnforcer(machine: Machine): Promise<undefined> {
  const [settings = ''] = await guide('5.', 'ini');
  await machine.sh(`echo '${settings}' | tee -a /etc/bangui/bangui.env >/etc/bangui/enforcer.env`);
  for (const lines of await guide('5.')) {
    await machine.sh(
      lines
        .split('\n')
        .filter((line) => !ofTheKernel.test(line))
        .join('\n'),
    );
  }
  await machine.healthy(60_000);
  await until(60_000, 'a report of the enforcer', async () => {
    const { enforcers } = await machine.json<{ enforcers: readonly unknown[] }>('GET', '/api/v1/enforcement');
    return enforcers.length > 0 ? true : undefined;
  });
  return undefined;
}

/** A commit in the repository that it comes from, as a release would be. */
async function update(machine: Machine): Promise<string> {
  const author = '-c user.name=test -c user.email=test@localhost';
  await machine.sh(
    `git clone --quiet /srv/repository.git /root/next && cd /root/next && git ${author} commit --quiet --allow-empty --message next && git push --quiet`,
  );
  const before = await property(machine, 'bangui', 'MainPID');
  const startedAt = performance.now();
  const [lines = ''] = await guide('Update and remove');
  await machine.sh(lines);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  await machine.healthy(60_000);
  const subject = await machine.sh('git -C /opt/bangui log -1 --format=%s');
  const pid = await property(machine, 'bangui', 'MainPID');
  check(subject === 'next' && pid !== before, `${subject} runs as ${pid}, was ${before}`);
  return `after ${seconds} s`;
}
