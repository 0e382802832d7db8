// `make test-stack`: builds the images and tries the production stack on the engine of DOCKER_HOST, which has to be a Swarm.
//   --no-ipvs      for an engine whose kernel has no IPVS; see no-ipvs.yml
//   --no-build     the images are there already
//   --only plain|ha only one of the two stacks
//   --enforce      blocklists are enforced on the engine's network as well
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkout } from '../lib/paths.ts';
import { main, run, ScriptProblem } from '../lib/programs.ts';
import { docker, Stack } from './docker.ts';
import { testHighAvailability } from './ha-tests.ts';
import { testPlain } from './plain-tests.ts';
import { Report } from './report.ts';

const name = 'bangui-test';
const port = 18_080;
const images = ['fail2ban', 'api', 'portal'];

await main(async () => {
  const { values } = parseArgs({
    options: {
      'no-ipvs': { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      only: { type: 'string' },
      enforce: { type: 'boolean', default: false },
    },
  });
  const swarm = await docker(['info', '--format', '{{.Swarm.LocalNodeState}}']);
  if (swarm !== 'active') throw new ScriptProblem('The Docker engine is not a Swarm. Run: docker swarm init');
  const version = 'test';
  const prefix = 'bangui-test';
  if (!values['no-build']) await buildImages({ BANGUI_IMAGE_PREFIX: prefix, BANGUI_VERSION: version });
  for (const image of images) console.log(await sizeOf(`${prefix}/${image}:${version}`));

  const folder = await mkdtemp(join(tmpdir(), 'bangui-stack-'));
  const report = new Report();
  try {
    await makeSecrets(folder, `${prefix}/api:${version}`);
    const tests = (part: string): string => join(checkout, 'scripts/stack', part);
    const noIpvs = (...parts: readonly string[]): string[] => (values['no-ipvs'] ? parts.map(tests) : []);
    const stackOf = (overlays: readonly string[], env: NodeJS.ProcessEnv): Stack =>
      new Stack(name, {
        files: [...overlays, tests('test.yml')],
        env: {
          BANGUI_IMAGE_PREFIX: prefix,
          BANGUI_VERSION: version,
          BANGUI_PORTAL_PORT: String(port),
          BANGUI_SUBNET: '10.83.59.0/24',
          BANGUI_SECRETS_DIR: folder,
          BANGUI_ENFORCEMENT: values.enforce ? 'ipset' : 'none',
          ...env,
        },
      });
    const file = (part: string): string => join(checkout, `docker/compose.${part}.yml`);
    if (values.only !== 'ha') {
      console.log('\nThe production stack, with TLS');
      const stack = stackOf([file('prod'), file('tls'), ...noIpvs('no-ipvs.yml')], {});
      await tryOut(stack, () => testPlain(report, stack, `https://127.0.0.1:${port}`));
    }
    if (values.only !== 'plain') {
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
  console.log(`\n${report.passed} passed, ${report.failed} failed`);
  if (report.failed > 0 || report.passed === 0) process.exitCode = 1;
});

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
