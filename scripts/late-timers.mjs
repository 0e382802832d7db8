// For tests that are to hold on a busy machine: makes timers late and lets the event loop stall, in each process of Node that
// inherits it. `BANGUI_TEST_LATE` is the longest delay in milliseconds (120).
//   NODE_OPTIONS="--import $PWD/scripts/late-timers.mjs" npx vitest run --project database
import { performance } from 'node:perf_hooks';

/** Timers beyond this are limits, whose order among each other is meant, in milliseconds. */
const LONGEST = 2_000;
/** Parts of the timers, of the turns and of the looks that are late. */
const [LATE_TIMERS, LATE_TURNS, STALLS] = [0.4, 0.03, 0.35];

const longest = Number(process.env['BANGUI_TEST_LATE'] ?? 120);
// Tests replace the clock, the timers and chance; these are the real ones.
const { random } = Math;
const now = performance.now.bind(performance);
const { setTimeout: realTimeout, setImmediate: realImmediate, clearImmediate: realClear } = globalThis;

/** Keeps what Node puts on the function itself, such as the form that `util.promisify` finds. */
function inPlaceOf(real, replacement) {
  for (const key of Object.getOwnPropertySymbols(real))
    Object.defineProperty(replacement, key, Object.getOwnPropertyDescriptor(real, key));
  return replacement;
}

globalThis.setTimeout = inPlaceOf(realTimeout, (work, delay = 0, ...args) => {
  const isLate = delay <= LONGEST && random() < LATE_TIMERS;
  return realTimeout(work, isLate ? delay + random() * longest : delay, ...args);
});

globalThis.setImmediate = inPlaceOf(realImmediate, (work, ...args) =>
  random() < LATE_TURNS ? realTimeout(work, (random() * longest) / 4, ...args) : realImmediate(work, ...args),
);

globalThis.clearImmediate = (immediate) => {
  realClear(immediate);
  clearTimeout(immediate);
};

function stall() {
  const end = now() + (random() < STALLS ? random() * longest : 0);
  while (now() < end);
  realTimeout(stall, 40 + random() * 300).unref();
}

stall();
