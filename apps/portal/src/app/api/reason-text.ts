import { type Armed } from './generated/models';

/** A sentence of the API with its code: why fail2ban is offline, why a jail is not proven. */
export type Reason = Pick<Armed, 'reason' | 'reasonCode' | 'reasonParams'>;

/** Says it in the language of the portal; in the API's own words where the code is not known here. Empty without a reason. */
export function reasonText({ reason, reasonCode, reasonParams }: Reason): string {
  const path = reasonParams?.path ?? '';
  const detail = reasonParams?.detail ?? '';
  switch (reasonCode) {
    case 'not-asked':
      return $localize`fail2ban was not asked yet.`;
    case 'socket-missing':
      return $localize`There is no socket at ${path}:path:: fail2ban is not running, or BANGUI_FAIL2BAN_SOCKET names the wrong place.`;
    case 'socket-dead':
      return $localize`Nobody listens at ${path}:path:: fail2ban ended without cleaning up. Start it again.`;
    case 'socket-forbidden':
      return $localize`BanGUI may not open ${path}:path:. Run it as a user who may, or give its user access after each start of fail2ban.`;
    case 'no-answer':
      return $localize`fail2ban is there but does not answer: it hangs, or is busy with a command of somebody else.`;
    case 'connection-closed':
      return $localize`fail2ban closed the connection: it is stopping or was killed.`;
    case 'not-understood':
      return $localize`fail2ban gave an answer that BanGUI does not understand.`;
    case 'unreachable':
      return $localize`fail2ban cannot be reached.`;
    case 'configuration-fault':
      return $localize`The configuration has a fault: ${detail}:detail:`;
    case 'configuration-not-read':
      return $localize`The configuration was not read yet.`;
    case 'configuration-unreadable':
      return $localize`The configuration cannot be read: ${detail}:detail:`;
    case 'jail-missing':
      return $localize`fail2ban does not have this jail.`;
    case 'not-read-back':
      return $localize`The jail was not read back yet.`;
    case 'not-configured':
      return $localize`The configuration does not enable this jail.`;
    default:
      return reason ?? '';
  }
}
