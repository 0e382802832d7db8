import 'reflect-metadata';
import { firstLine } from './first-line.ts';
import { runCli } from './run-cli.ts';

// What a command writes, tokens above all, is nobody else's to read.
process.umask(0o077);
process.exitCode = await runCli(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  tell: (line) => process.stderr.write(`${line}\n`),
  readLine: () => firstLine(process.stdin),
  env: process.env,
});
