// `make test-stack`: builds the images and tries the production stack on the engine of DOCKER_HOST, which has to be a Swarm.
//   --no-ipvs      for an engine whose kernel has no IPVS; see no-ipvs.yml
//   --no-build     the images are there already
//   --only PART    plain or ha: one of the two stacks; development: docker/compose.yml; bare-metal: a machine with systemd
//   --enforce      blocklists are enforced on the engine's network as well
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkout } from '../lib/paths.ts';
import { main, run, ScriptProblem } from '../lib/programs.ts';
import { testBareMetal } from './bare-metal/bare-metal-tests.ts';
import { docker, Stack } from './docker.ts';
import { testDevelopment } from './development-tests.ts';
import { testHighAvailability } from './ha-tests.ts';
import { testPlain } from './plain-tests.ts';
import { Report } from './report.ts';

const name = 'bangui-test';
const port = 18_080;
const images = ['fail2ban', 'api', 'portal'];

const version = 'test';
const prefix = 'bangui-test';
const parts = ['plain', 'ha', 'development', 'bare-metal'] as const;
type Part = (typeof parts)[number];

await main(async () => {
  const { values } = parseArgs({
    options: {
      'no-ipvs': { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      only: { type: 'string' },
      enforce: { type: 'boolean', default: false },
    },
  });
  const { only } = values;
  const wanted = parts.filter((part) => only === undefined || part === only);
  if (wanted.length === 0) throw new ScriptProblem(`--only takes one of ${parts.join(', ')}.`);
  const report = new Report();
  if (wanted.includes('plain') || wanted.includes('ha')) await testStacks(report, wanted, values);
  if (wanted.includes('development')) {
    console.log('\nThe containers for development');
    await testDevelopment(report);
  }
  if (wanted.includes('bare-metal')) {
    console.log('\nA machine with systemd, by the guide for bare metal');
    await testBareMetal(report, { isBuilt: values['no-build'] });
  }
  console.log(`\n${report.passed} passed, ${report.failed} failed`);
  if (report.failed > 0 || report.passed === 0) process.exitCode = 1;
});

interface StackOptions {
  readonly 'no-ipvs': boolean;
  readonly 'no-build': boolean;
  readonly enforce: boolean;
}

/** The production stack and the one with two APIs, from images of this checkout. */
async function testStacks(report: Report, wanted: readonly Part[], options: StackOptions): Promise<void> {
  const swarm = await docker(['info', '--format', '{{.Swarm.LocalNodeState}}']);
  if (swarm !== 'active') throw new ScriptProblem('The Docker engine is not a Swarm. Run: docker swarm init');
  if (!options['no-build']) await buildImages({ BANGUI_IMAGE_PREFIX: prefix, BANGUI_VERSION: version });
  for (const image of images) console.log(await sizeOf(`${prefix}/${image}:${version}`));
  const folder = await mkdtemp(join(tmpdir(), 'bangui-stack-'));
  try {
    await makeSecrets(folder, `${prefix}/api:${version}`);
    const tests = (part: string): string => join(checkout, 'scripts/stack', part);
    const noIpvs = (...files: readonly string[]): string[] => (options['no-ipvs'] ? files.map(tests) : []);
    const stackOf = (overlays: readonly string[], env: NodeJS.ProcessEnv): Stack =>
      new Stack(name, {
        files: [...overlays, tests('test.yml')],
        env: {
          BANGUI_IMAGE_PREFIX: prefix,
          BANGUI_VERSION: version,
          BANGUI_PORTAL_PORT: String(port),
          BANGUI_SUBNET: '10.83.59.0/24',
          BANGUI_SECRETS_DIR: folder,
          BANGUI_ENFORCEMENT: options.enforce ? 'ipset' : 'none',
          ...env,
        },
      });
    const file = (part: string): string => join(checkout, `docker/compose.${part}.yml`);
    if (wanted.includes('plain')) {
      console.log('\nThe production stack, with TLS');
      const stack = stackOf([file('prod'), file('tls'), ...noIpvs('no-ipvs.yml')], {});
      await tryOut(stack, () => testPlain(report, stack, `https://127.0.0.1:${port}`));
    }
    if (wanted.includes('ha')) {
      console.log('\nThe production stack with two APIs');
      const url = `http://127.0.0.1:${port}`;
      // Plain http on loopback is what an enforcer takes without a certificate.
      const stack = stackOf(
        [file('prod'), file('ha'), tests('test.ha.yml'), ...noIpvs('no-ipvs.yml', 'no-ipvs.ha.yml')],
        {
          BANGUI_URL: url,
          // No list is imported here, so nothing is blocked.
          BANGUI_ENFORCEMENT: 'ipset',
          BANGUI_SESSION_COOKIE_SECURE: 'false',
        },
      );
      await tryOut(stack, () => testHighAvailability(report, stack, url));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the tests of a stack and takes it down, whatever came of them. */
async function tryOut(stack: Stack, tests: () => Promise<void>): Promise<void> {
  const stop = (): void => void stack.remove().finally(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    await tests();
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    await stack.remove();
  }
}

/** As `make up` does, from the same files. */
async function buildImages(env: NodeJS.ProcessEnv): Promise<void> {
  const files = ['prod', 'build'].flatMap((part) => ['--file', join(checkout, `docker/compose.${part}.yml`)]);
  for (const image of images) {
    const startedAt = performance.now();
    await docker(['compose', ...files, 'build', '--quiet', image], { env });
    console.log(`built ${image} in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  }
}

async function sizeOf(image: string): Promise<string> {
  const bytes = Number(await docker(['image', 'inspect', '--format', '{{.Size}}', image]));
  return `${image}: ${(bytes / 1e6).toFixed(0)} MB`;
}

/** The secrets of the overlays: those of docker/make-secrets, and a certificate made with the openssl of the image. */
async function makeSecrets(folder: string, apiImage: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run('sh', [join(checkout, 'docker/make-secrets'), folder]);
  const program =
    'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -keyout - -out - 2>/dev/null';
  const pem = await docker(['run', '--rm', '--network', 'none', '--entrypoint', 'sh', apiImage, '-c', program]);
  const parts = pem.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  const partOf = (kind: string): string => parts.find((part) => part.includes(kind)) ?? '';
  await writeFile(join(folder, 'tls-certificate.pem'), `${partOf('CERTIFICATE')}\n`);
  await writeFile(join(folder, 'tls-key.pem'), `${partOf('PRIVATE KEY')}\n`);
  await chmod(folder, 0o700);
}
