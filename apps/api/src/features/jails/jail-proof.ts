import { type ConfiguredJail } from '@bangui/fail2ban-config';
import { comparedParameters, configuredParameterText, journalTexts, type LiveJail } from './live-jail.ts';
import { type JailParameter, type JailPart, type JailProofPart } from './jails.dto.ts';

/** Longest text of one entry. */
const maxText = 2_000;
/** Entries listed of one side, and differences listed for one part. */
const maxEntries = 100;

/**
 * Compares what the configuration means with what the server has, part by part. Both sides are answers of fail2ban to
 * the same questions: of a server that was only imagined by the dry run, and of the real one.
 * @param isPushed whether a jail is meant to ignore an address although its configuration does not say so
 */
export function proveJail(
  configured: ConfiguredJail,
  live: LiveJail,
  isPushed: (address: string) => boolean = () => false,
): JailProofPart[] {
  return [
    compared('failRegexes', regexesOf(configured), regexesOf(live), { isOrdered: true }),
    compared('ignoreRegexes', configured.ignoreRegexes, live.ignoreRegexes, { isOrdered: true }),
    logSource(configured, live),
    compared('actions', configured.actions, live.actions),
    compared('ignoreList', ignoredOf(configured), ignoredOf(withoutPushed(configured, live, isPushed))),
    parameters(configured, live),
  ];
}

/** The parameters of a jail beside those of its configuration, where that is known. */
export function parametersOf(configured: ConfiguredJail | undefined, live: LiveJail): JailParameter[] {
  return comparedParameters.map((name) => {
    const actual = live.parameters.get(name) ?? '';
    const wanted = configured && configuredText(configured, name, actual);
    return { name, configured: wanted ?? null, actual, equal: wanted === undefined || wanted === actual };
  });
}

function regexesOf({ prefRegex, failRegexes }: Pick<LiveJail, 'prefRegex' | 'failRegexes'>): string[] {
  return [...(prefRegex === '' ? [] : [`prefregex ${prefRegex}`]), ...failRegexes];
}

function ignoredOf({ ignoreSelf, ignoreList }: Pick<LiveJail, 'ignoreSelf' | 'ignoreList'>): string[] {
  return [...(ignoreSelf ? ['ignoreself'] : []), ...ignoreList];
}

/** The live ignore list without what the allowlist has added to the configured one. */
function withoutPushed(configured: ConfiguredJail, live: LiveJail, isPushed: (address: string) => boolean): LiveJail {
  const isExpected = (text: string): boolean => configured.ignoreList.includes(text) || !isPushed(text);
  return { ...live, ignoreList: live.ignoreList.filter(isExpected) };
}

function logSource(configured: ConfiguredJail, live: LiveJail): JailProofPart {
  const wanted = [...configured.logPaths, ...journalTexts(configured.journalMatches)];
  const actual = [...live.logPaths, ...live.journalMatches];
  const part = compared('logSource', wanted, actual);
  // A jail with a filter and nothing to read never bans; systemd without a match reads the whole journal.
  const needsSource = configured.failRegexes.length > 0 && !isSystemd(configured.backend);
  if (needsSource && actual.length === 0) {
    return { ...part, equal: false, detail: [...(part.detail ?? []), 'There is a filter, but nothing to read.'] };
  }
  return part;
}

/** Whether lines come from systemd's journal. */
export function isSystemd(backend: string): boolean {
  return backend.toLowerCase().startsWith('systemd');
}

function parameters(configured: ConfiguredJail, live: LiveJail): JailProofPart {
  const all = parametersOf(configured, live);
  return compared(
    'parameters',
    all.map(({ name, configured: value }) => `${name} = ${value ?? ''}`),
    all.map(({ name, actual }) => `${name} = ${actual}`),
  );
}

function configuredText(configured: ConfiguredJail, name: string, actual: string): string | undefined {
  const value = configured.parameters[name];
  // The running server chooses the encoding by itself when the configuration leaves it open.
  if (name === 'logencoding' && value === null) return actual;
  return value === undefined ? undefined : configuredParameterText(name, value);
}

function compared(
  part: JailPart,
  configured: readonly string[],
  actual: readonly string[],
  { isOrdered = false } = {},
): JailProofPart {
  const left = isOrdered ? configured : configured.toSorted();
  const right = isOrdered ? actual : actual.toSorted();
  const equal = left.length === right.length && left.every((text, index) => text === right[index]);
  const sides = {
    part,
    configured: listed(configured),
    actual: listed(actual),
    configuredCount: configured.length,
    actualCount: actual.length,
    equal,
  };
  return equal ? sides : { ...sides, detail: differences(configured, actual) };
}

function differences(configured: readonly string[], actual: readonly string[]): string[] {
  const missing = configured.filter((text) => !actual.includes(text)).map((text) => `- ${text}`);
  const extra = actual.filter((text) => !configured.includes(text)).map((text) => `+ ${text}`);
  const all = [...missing, ...extra];
  return all.length === 0 ? ['The same entries, but not as often or in another order.'] : all.slice(0, maxEntries);
}

function listed(texts: readonly string[]): string[] {
  return texts.slice(0, maxEntries).map((text) => (text.length > maxText ? `${text.slice(0, maxText)}…` : text));
}
