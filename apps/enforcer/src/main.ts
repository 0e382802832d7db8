const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(`bangui-enforcer needs Node 24.15 or later; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}

// Whatever it writes is nobody else's to read.
process.umask(0o077);
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2), process.env);

export {};
