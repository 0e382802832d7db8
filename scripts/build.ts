// `npm run build`: the libraries, then what uses them.
import { availableParallelism, totalmem } from 'node:os';
import { runScript } from './lib/npm-scripts.ts';

/** The compilers of API and portal take a gigabyte each. */
const MEMORY_FOR_TWO = 4 * 2 ** 30;

console.log('Building the libraries, the API, the enforcer and the portal: about half a minute …');
const isTwoAtOnce = availableParallelism() > 1 && totalmem() >= MEMORY_FOR_TWO;
const isBuilt = (await runScript('build:libs')) && (isTwoAtOnce ? await besideEachOther() : await afterEachOther());
if (!isBuilt) process.exitCode = 1;

async function besideEachOther(): Promise<boolean> {
  return (await Promise.all([runScript('build:portal'), buildServers()])).every(Boolean);
}

async function afterEachOther(): Promise<boolean> {
  return (await buildServers()) && (await runScript('build:portal'));
}

async function buildServers(): Promise<boolean> {
  return (await runScript('build:api')) && (await runScript('build:enforcer'));
}
