import { expect, test } from 'vitest';
import { parseDryRun } from './parse-dry-run.ts';

const jail = {
  name: 'web',
  filter: null,
  backend: 'polling',
  failRegexes: [],
  ignoreRegexes: [],
  prefRegex: '',
  logPaths: [],
  journalMatches: [],
  actions: [],
  ignoreList: [],
  ignoreSelf: true,
  parameters: {},
};
const answer = { format: 1, version: '1.0.2', problems: [], jails: [jail], stream: [['start', 'web']] };

test('reads a good answer', () => {
  expect(parseDryRun(JSON.stringify(answer))).toMatchObject({
    version: '1.0.2',
    jails: [jail],
    stream: [['start', 'web']],
  });
});

let deep: unknown = [];
for (let depth = 0; depth < 20; depth++) deep = [deep];

test.each([
  ['answer', []],
  ['format', { ...answer, format: 2 }],
  ['version', { ...answer, version: 1 }],
  ['problems[0].message', { ...answer, problems: [{ jail: null, option: null }] }],
  ['jails[0].failRegexes[0]', { ...answer, jails: [{ ...jail, failRegexes: [1] }] }],
  ['jails[0].ignoreSelf', { ...answer, jails: [{ ...jail, ignoreSelf: 'yes' }] }],
  ['jails[0].parameters', { ...answer, jails: [{ ...jail, parameters: [] }] }],
  ['jails[0].parameters.bantime', { ...answer, jails: [{ ...jail, parameters: { bantime: {} } }] }],
  ['stream[0]', { ...answer, stream: ['start'] }],
  ['nested too deeply', { ...answer, stream: [deep] }],
])('refuses an answer with a bad %s, naming it', (part, value) => {
  expect(() => parseDryRun(JSON.stringify(value))).toThrow(part);
});

test('refuses what is not JSON', () => {
  expect(() => parseDryRun('')).toThrow(SyntaxError);
});

test('takes a parameter called __proto__ as nothing but a name', () => {
  const text = JSON.stringify(answer).replace('"parameters":{}', '"parameters":{"__proto__":"x"}');
  const parameters = parseDryRun(text).jails[0]?.parameters ?? {};
  expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
  expect(Object.hasOwn(parameters, '__proto__')).toBe(true);
});
