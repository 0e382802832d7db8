import { type SetupCheck } from '../api/generated/models';

/** What a check of the set-up says: what was found, and what to do about it; null when there is nothing to do. */
export interface CheckWords {
  readonly message: string;
  readonly remedy: string | null;
}

/** Says it by the check's code; in the API's own words where the code is not known here. */
export function checkWords({ message, remedy, reasonCode, reasonParams }: SetupCheck): CheckWords {
  const path = reasonParams?.path ?? '';
  const detail = reasonParams?.detail ?? '';
  switch (reasonCode) {
    case 'socket-answers':
      return { message: $localize`fail2ban answers at ${path}:path:.`, remedy: null };
    case 'socket-missing':
      return {
        message: $localize`There is no fail2ban socket at ${path}:path:.`,
        remedy: $localize`Start fail2ban, or set BANGUI_FAIL2BAN_SOCKET to where its socket is.`,
      };
    case 'socket-forbidden':
      return {
        message: $localize`BanGUI may not use the fail2ban socket ${path}:path:.`,
        remedy: $localize`Give the user BanGUI runs as read and write access to the socket.`,
      };
    case 'socket-silent':
      return {
        message: $localize`fail2ban does not answer at ${path}:path:.`,
        remedy: $localize`Look at "systemctl status fail2ban" and at the fail2ban log, and restart it.`,
      };
    case 'configuration-readable':
      return { message: $localize`fail2ban's configuration in ${path}:path: can be read.`, remedy: null };
    case 'configuration-unreadable':
      return {
        message: $localize`fail2ban's configuration in ${path}:path: cannot be read (${detail}:detail:).`,
        remedy: $localize`Set BANGUI_FAIL2BAN_CONFIG_DIR to the folder that holds jail.conf, and let the user BanGUI runs as read it.`,
      };
    case 'database-ready':
      return { message: $localize`The ${detail}:kind: database is ready.`, remedy: null };
    case 'database-silent':
      return {
        message: $localize`The database does not answer (${detail}:detail:).`,
        remedy: $localize`BanGUI's log says more.`,
      };
    case 'programs-found':
      return { message: $localize`fail2ban's own programs are here to check its configuration.`, remedy: null };
    case 'programs-missing':
      return {
        message: $localize`Cannot run ${path}:path:; without it BanGUI cannot check the configuration before a reload.`,
        remedy: $localize`Install the fail2ban package on this machine (it need not run), or set BANGUI_FAIL2BAN_CLIENT and BANGUI_FAIL2BAN_PYTHON.`,
      };
    default:
      return { message, remedy: remedy ?? null };
  }
}
