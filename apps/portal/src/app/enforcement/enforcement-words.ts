import { type EnforcementConcern, type EnforcementStatus, type EnforcerStatus } from '../api/generated/models';

/** What enforces the lists, in words. */
export function backendWords(backend: EnforcementStatus['backend']): string {
  switch (backend) {
    case 'ipset':
      return $localize`sets of the kernel (ipset), by enforcers`;
    case 'fail2ban':
      return $localize`a jail of fail2ban`;
    case 'none':
      return $localize`nothing`;
  }
}

/** How an enforcer stands, in words. */
export function standingWords(standing: EnforcerStatus['standing']): string {
  switch (standing) {
    case 'current':
      return $localize`holds what is wanted`;
    case 'behind':
      return $localize`holds something else`;
    case 'waiting':
      return $localize`has nothing to hold yet`;
    case 'trial':
      return $localize`on trial`;
    case 'reverted':
      return $localize`undone, because nobody confirmed`;
    case 'failed':
      return $localize`could not apply it`;
    case 'silent':
      return $localize`was not heard of`;
  }
}

/** The looks of a standing. */
export function standingMeaning(standing: EnforcerStatus['standing']): 'ok' | 'watch' | 'danger' | 'info' {
  const meanings = {
    current: 'ok',
    behind: 'watch',
    waiting: 'info',
    trial: 'watch',
    reverted: 'danger',
    failed: 'danger',
    silent: 'danger',
  } as const;
  return meanings[standing];
}

/** What a person should look after, in words. */
export function concernWords({ code, enforcer }: EnforcementConcern): string {
  switch (code) {
    case 'no-enforcer':
      return $localize`Something is to be blocked and nobody does it`;
    case 'wanted-unknown':
      return $localize`It cannot be known what is to be blocked`;
    default:
      return `${enforcer ?? $localize`An enforcer`}: ${standingWords(code)}`;
  }
}

/** The looks of it. */
export function concernMeaning(code: EnforcementConcern['code']): 'watch' | 'danger' {
  return code === 'behind' || code === 'trial' ? 'watch' : 'danger';
}
