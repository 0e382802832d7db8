import { Fail2banOffline, Fail2banTimeout } from '@bangui/fail2ban';
import { type ReasonParams } from '../../core/reason.dto.ts';

const systemCode = (error: unknown): string | undefined => {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && /^E[A-Z]+$/.test(cause.code)) return cause.code;
  }
  return undefined;
};

/** Why fail2ban is offline. Stable. */
export type OfflineCode =
  | 'not-asked'
  | 'socket-missing'
  | 'socket-dead'
  | 'socket-forbidden'
  | 'no-answer'
  | 'connection-closed'
  | 'not-understood'
  | 'unreachable';

/** Why fail2ban is offline: a code, the same in words, and what they are about. */
export interface OfflineReason {
  readonly reason: string;
  readonly reasonCode: OfflineCode;
  readonly reasonParams: ReasonParams | null;
}

/** Says why fail2ban is offline and what to do about it, for the person in front of the portal. */
export function offlineReason(error: unknown, socketPath: string): OfflineReason {
  const reasonParams = { path: socketPath };
  const hung: OfflineReason = {
    reason: 'fail2ban is there but does not answer: it hangs, or is busy with a command of somebody else.',
    reasonCode: 'no-answer',
    reasonParams: null,
  };
  if (error instanceof Fail2banTimeout) return hung;
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        reason: `There is no socket at ${socketPath}: fail2ban is not running, or BANGUI_FAIL2BAN_SOCKET names the wrong place.`,
        reasonCode: 'socket-missing',
        reasonParams,
      };
    case 'ECONNREFUSED':
      return {
        reason: `Nobody listens at ${socketPath}: fail2ban ended without cleaning up. Start it again.`,
        reasonCode: 'socket-dead',
        reasonParams,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        reason: `BanGUI may not open ${socketPath}. Run it as a user who may, or give its user access after each start of fail2ban.`,
        reasonCode: 'socket-forbidden',
        reasonParams,
      };
    case 'EAGAIN':
      return hung;
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        reason: 'fail2ban closed the connection: it is stopping or was killed.',
        reasonCode: 'connection-closed',
        reasonParams: null,
      };
    default:
      return error instanceof Fail2banOffline
        ? { reason: 'fail2ban cannot be reached.', reasonCode: 'unreachable', reasonParams: null }
        : {
            reason: 'fail2ban gave an answer that BanGUI does not understand.',
            reasonCode: 'not-understood',
            reasonParams: null,
          };
  }
}
