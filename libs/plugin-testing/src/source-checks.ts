import type { BlocklistSource } from '@bangui/plugin-sdk';
import { configChecks } from './config-checks.ts';
import { feedChecks } from './feed-checks.ts';
import { fixtureChecks } from './fixture-checks.ts';
import { flowChecks } from './flow-checks.ts';
import { hostileChecks } from './hostile-checks.ts';
import { manifestChecks } from './manifest-checks.ts';
import type { Check } from './check.ts';
import type { SourceTest } from './source-test.ts';

/** One thing that is checked; `run` rejects when it does not hold. */
export interface SourceCheck {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** Every check of a source, without a test runner. */
export function sourceChecks<Config>(source: BlocklistSource<Config>, test: SourceTest): SourceCheck[] {
  const of = { source, test };
  const checks: Check[] = [
    ...manifestChecks(of),
    ...configChecks(of),
    ...feedChecks(of),
    ...fixtureChecks(of),
    ...flowChecks(of),
    ...hostileChecks(of),
  ];
  return checks.map(({ title, run }) => ({
    title,
    run: async () => {
      await run();
    },
  }));
}
