import { type WantedVersion } from '@bangui/enforcement';
import { type EnforcementConcern, type EnforcerStanding, type EnforcerStatus } from './enforcement.dto.ts';
import { type EnforcementStateEntity } from './enforcement-state.entity.ts';

/** An enforcer reports every 15 s at the latest; one that was not heard of for this long is silent, in milliseconds. */
export const silentAfterMs = 60_000;
/** A change of the lists needs a moment to get to the kernel, in milliseconds: until then nobody is asked to look. */
export const patienceMs = 30_000;

const urgency: Readonly<Record<EnforcementConcern['code'], number>> = {
  'wanted-unknown': 0,
  'no-enforcer': 1,
  trial: 2,
  reverted: 3,
  failed: 4,
  silent: 5,
  behind: 6,
};

const sentences: Readonly<Partial<Record<EnforcerStanding, string>>> = {
  trial: 'It blocks for the first time. Unless somebody confirms, it removes everything again.',
  reverted: 'Nobody confirmed its first activation, so it removed everything. Resync, then confirm in time.',
  failed: 'It could not apply the lists.',
  silent: 'It was not heard of for more than a minute. What it had applied stays in force.',
  behind: 'It does not hold what is wanted.',
};

/** How an enforcer stands beside what is wanted; undefined when that is not known. */
export function standingOf(
  { report, lastSeenAt }: Pick<EnforcementStateEntity, 'report' | 'lastSeenAt'>,
  wanted: WantedVersion | undefined,
  now: number,
): EnforcerStanding {
  const { state, applied } = report;
  if (now - lastSeenAt > silentAfterMs) return 'silent';
  if (state !== 'applied' && state !== 'waiting') return state;
  if (!wanted) return applied ? 'current' : 'waiting';
  const isHeld =
    applied !== null &&
    applied.blockedHash === wanted.blockedHash &&
    applied.placement === wanted.placement &&
    applied.resync === wanted.resync;
  if (isHeld) return 'current';
  return state === 'waiting' ? 'waiting' : 'behind';
}

/** What a person should look after. @param wantedForMs how long the wanted set is what it is */
export function concernsOf(
  enforcers: readonly EnforcerStatus[],
  { isKnown, isSomethingBlocked, wantedForMs }: { isKnown: boolean; isSomethingBlocked: boolean; wantedForMs: number },
): EnforcementConcern[] {
  const concerns: EnforcementConcern[] = [];
  if (!isKnown) {
    const detail = 'What is to be blocked cannot be known now; what was applied stays in force.';
    concerns.push({ code: 'wanted-unknown', enforcer: null, detail });
  }
  if (isSomethingBlocked && enforcers.length === 0 && wantedForMs > patienceMs) {
    concerns.push({
      code: 'no-enforcer',
      enforcer: null,
      detail: 'There is something to block, and no enforcer that does it.',
    });
  }
  for (const { name, standing, problem } of enforcers) {
    if (standing === 'current' || standing === 'waiting') continue;
    if (standing === 'behind' && wantedForMs <= patienceMs) continue;
    concerns.push({ code: standing, enforcer: name, detail: [sentences[standing], problem].filter(Boolean).join(' ') });
  }
  return concerns.sort((a, b) => urgency[a.code] - urgency[b.code]);
}
