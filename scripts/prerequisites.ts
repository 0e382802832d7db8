// `npm run prerequisites`: what the tests need and npm does not bring. Root installs it; anybody else is told what to install.
import { existsSync, globSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { install, isRoot, offers } from './lib/apt.ts';
import { chromiumProgram, headlessShell } from './lib/chromium.ts';
import { prepareFail2ban } from './lib/fail2ban-package.ts';
import { firstProgram, main, run, ScriptProblem } from './lib/programs.ts';
import { unpackedPackage } from './lib/unpacked-package.ts';

const shellPackage = 'chromium-headless-shell';
const postgresClusterSettings = '/etc/postgresql-common/createcluster.d/bangui-tests.conf';

await main(async () => {
  const missing = [
    ...(await browserPackages()),
    ...(await postgresPackages()),
    ...redisPackages(),
    ...clockPackages(),
    ...firewallPackages(),
    ...documentationPackages(),
  ];
  if (missing.length > 0) {
    if (!isRoot()) {
      const hint = `sudo apt-get install --no-install-recommends ${missing.join(' ')}`;
      throw new ScriptProblem(`The tests need packages that are not installed. Run:\n  ${hint}`);
    }
    console.log(`Installing what the tests need: ${missing.join(' ')}`);
    await withoutPostgresCluster(() => install(missing));
    // Nothing was started, but the package would have the machine start it at its next boot.
    if (missing.includes('redis-server')) await run('update-rc.d', ['redis-server', 'disable']);
  }
  await addHeadlessShell();
  await prepareFail2ban();
  // The guide's files for proxies, and completion in shells, are tried; these are unpacked and not installed.
  for (const name of ['caddy', 'nginx', 'fish', 'fish-common', 'libpcre2-32-0', 'zsh', 'zsh-common'])
    await unpackedPackage(name);
});

async function browserPackages(): Promise<string[]> {
  const packages: string[] = [];
  if (chromiumProgram() === undefined) packages.push((await offers(shellPackage)) ? shellPackage : 'chromium');
  // Without a font of its own, Chromium measures no text.
  if (!existsSync('/usr/share/fonts/truetype/liberation') && !existsSync('/usr/share/fonts/truetype/liberation2')) {
    packages.push('fonts-liberation');
  }
  return packages;
}

/** Beside another Chromium its shell only saves time, so a machine that cannot get it is tested without. */
async function addHeadlessShell(): Promise<void> {
  if (!isRoot() || existsSync(headlessShell) || !(await offers(shellPackage))) return;
  console.log(`Installing what makes the tests faster: ${shellPackage}`);
  await install([shellPackage]).catch((error: unknown) => {
    if (!(error instanceof ScriptProblem)) throw error;
    console.log(`It could not be installed: ${error.message}`);
  });
}

/** What the enforcer drives in network namespaces of the tests' own; installing them loads no rule. */
function firewallPackages(): string[] {
  const programs = [
    ['ipset', '/usr/sbin/ipset'],
    ['iptables', '/usr/sbin/iptables'],
    ['iproute2', '/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip'],
    ['iputils-ping', '/usr/bin/ping', '/bin/ping'],
    ['util-linux', '/usr/bin/nsenter'],
  ] as const;
  return programs.filter(([, ...paths]) => firstProgram(paths) === undefined).map(([name]) => name);
}

/** What the documentation tells people to type, and what looks at the systemd units; installing it makes it nobody's init. */
function documentationPackages(): string[] {
  const programs = [
    ['curl', '/usr/bin/curl'],
    ['jq', '/usr/bin/jq'],
    ['sqlite3', '/usr/bin/sqlite3'],
    ['systemd', '/usr/bin/systemd-analyze'],
  ] as const;
  return programs.filter(([, path]) => firstProgram([path]) === undefined).map(([name]) => name);
}

/** The server of this release of Debian: `postgresql-15` and the like. */
async function postgresPackages(): Promise<string[]> {
  const dir = '/usr/lib/postgresql';
  const versions = existsSync(dir) ? await readdir(dir) : [];
  if (versions.some((version) => existsSync(join(dir, version, 'bin/initdb')))) return [];
  // `postgresql` depends on the release's server; naming that itself spares the rest.
  const depends = await run('apt-cache', ['depends', 'postgresql']).catch(() => '');
  return [/Depends: (postgresql-\d+)/.exec(depends)?.[1] ?? 'postgresql'];
}

/** The tests start their own Redis; the machine's service stays off. */
function redisPackages(): string[] {
  return firstProgram(['/usr/bin/redis-server']) === undefined ? ['redis-server'] : [];
}

/** What sets the clock of chosen processes of the tests; installing it changes nobody's. */
function clockPackages(): string[] {
  return globSync('/usr/lib/*/faketime/libfaketimeMT.so.1').length === 0 ? ['libfaketime'] : [];
}

/** The tests make their own database servers: Debian's package must not make one for the machine. */
async function withoutPostgresCluster(work: () => Promise<void>): Promise<void> {
  await mkdir(join(postgresClusterSettings, '..'), { recursive: true });
  await writeFile(postgresClusterSettings, 'create_main_cluster = false\n');
  try {
    await work();
  } finally {
    await rm(postgresClusterSettings);
  }
}
