import { setFlagsFromString } from 'node:v8';

// Nothing of BanGUI, and nothing native, may be imported statically here: an old Node would fail in a dependency before it can say why.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `BanGUI needs Node 24.15 or later; this is Node ${process.versions.node}.\n` +
      'The right one comes with `npm ci`: start BanGUI with `npm run serve`, or with node_modules/.bin/node.\n',
  );
  process.exit(1);
}

// V8 would let its young generation grow to 3 x 16 MiB on the burst of the start and keep it: a third of all memory at rest.
setFlagsFromString('--max-semi-space-size=4');
setFlagsFromString('--semi-space-growth-factor=1');
// What is so small is copied before four more threads are awake.
setFlagsFromString('--no-parallel-scavenge');

const { run } = await import('./run.ts');
await run(process.argv.slice(2));

export {};
