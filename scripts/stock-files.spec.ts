import { execFileSync, spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkout } from './lib/paths.ts';

const program = join(checkout, 'docker/fail2ban/container/refresh-stock-files');
const release1 = { 'jail.conf': 'one', 'filter.d/sshd.conf': 'one', 'filter.d/old.conf': 'old' };
const release2 = { 'jail.conf': 'two', 'filter.d/sshd.conf': 'one', 'action.d/new.conf': 'new' };

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bangui-stock-'));
  mkdirSync(join(place, 'config'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(place, path)), { recursive: true });
  writeFileSync(join(place, path), text);
}

/** Starts an image that brings these files; gives what it complained about. */
function start(files: Readonly<Record<string, string>>): string {
  const stock = join(place, 'stock');
  rmSync(stock, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) write(join('stock', path), text);
  const list = 'find . -type f | sort | xargs sha256sum';
  writeFileSync(join(place, 'sums'), execFileSync('sh', ['-c', list], { cwd: stock }));
  const { status, stderr } = spawnSync('sh', [program, stock, join(place, 'sums'), join(place, 'config')], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  return stderr;
}

const config = (path: string): string => readFileSync(join(place, 'config', path), 'utf8');

it('brings everything into an empty folder', () => {
  expect(start(release1)).toBe('');
  expect([config('jail.conf'), config('filter.d/old.conf')]).toEqual(['one', 'old']);
});

it('brings what another image changed and added, and takes away what it does not bring any more', () => {
  start(release1);
  write('config/jail.local', 'mine');
  write('config/filter.d/mine.conf', 'mine');
  expect(start(release2)).toBe('');
  expect([config('jail.conf'), config('action.d/new.conf')]).toEqual(['two', 'new']);
  expect(() => config('filter.d/old.conf')).toThrow('ENOENT');
  expect([config('jail.local'), config('filter.d/mine.conf')]).toEqual(['mine', 'mine']);
});

it('keeps what was changed by hand beside the new one', () => {
  start(release1);
  write('config/jail.conf', 'by hand');
  write('config/filter.d/old.conf', 'by hand');
  expect(start(release2)).toMatch(/jail\.conf was changed by hand.*\n.*old\.conf was changed by hand/);
  expect([config('jail.conf'), config('jail.conf.changed'), config('filter.d/old.conf.changed')]).toEqual([
    'two',
    'by hand',
    'by hand',
  ]);
});

it('leaves everything alone as long as the image is the same', () => {
  start(release1);
  write('config/jail.conf', 'by hand');
  expect(start(release1)).toBe('');
  expect(config('jail.conf')).toBe('by hand');
});

it('never writes through a link', () => {
  start(release1);
  write('elsewhere', 'untouched');
  rmSync(join(place, 'config/jail.conf'));
  symlinkSync(join(place, 'elsewhere'), join(place, 'config/jail.conf'));
  mkdirSync(join(place, 'folder'));
  rmSync(join(place, 'config/filter.d'), { recursive: true });
  symlinkSync(join(place, 'folder'), join(place, 'config/filter.d'));
  start(release2);
  expect(readFileSync(join(place, 'elsewhere'), 'utf8')).toBe('untouched');
  expect(readdirSync(join(place, 'folder'))).toEqual([]);
  expect(config('filter.d/sshd.conf')).toBe('one');
  expect(lstatSync(join(place, 'config/jail.conf')).isFile()).toBe(true);
  expect(config('jail.conf')).toBe('two');
});
