import { type SeenAddress, type SignInSource } from '../api/generated/models';
import { formatNumber } from '../ui/format';

/** Through what somebody signed in, and how often. */
export function signInWords({ through, signIns }: Pick<SeenAddress, 'through' | 'signIns'>): string {
  const names = { bangui: 'BanGUI', sshd: 'SSH' } as const;
  const way = through.map((kind) => names[kind]).join(', ');
  return signIns === 1 ? $localize`${way}:way:, once` : $localize`${way}:way:, ${formatNumber(signIns)}:count: times`;
}

/** Why sign-ins are missing in what is known; null when none are. */
export function sourceWords({ state, path }: Pick<SignInSource, 'state' | 'path'>): string | null {
  switch (state) {
    case 'read':
      return null;
    case 'partly':
      return $localize`${path ?? ''}:path: was read in part only: the newest sign-ins.`;
    case 'missing':
      return path === null
        ? $localize`Sign-ins by SSH are not known: sshd logs to no file here. BANGUI_SSHD_LOG names another one.`
        : $localize`Sign-ins by SSH are not known: there is no ${path}:path:.`;
    case 'unreadable':
      return $localize`Sign-ins by SSH are not known: BanGUI may not read ${path ?? ''}:path:.`;
  }
}
