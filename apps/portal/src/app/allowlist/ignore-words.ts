import { type IgnoredByJail } from '../api/generated/models';

/** What a jail makes of an entry, in words; for a failure fail2ban's own. */
export function ignoreWords({ state, reason }: IgnoredByJail): string {
  switch (state) {
    case 'applied':
      return $localize`ignored`;
    case 'configured':
      return $localize`ignored by the configuration`;
    case 'pending':
      return $localize`not asked yet`;
    case 'failed':
      return reason ?? $localize`failed`;
  }
}
