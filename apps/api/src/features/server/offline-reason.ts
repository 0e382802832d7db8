import { Fail2banOffline, Fail2banTimeout } from '@bangui/fail2ban';

const systemCode = (error: unknown): string | undefined => {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && /^E[A-Z]+$/.test(cause.code)) return cause.code;
  }
  return undefined;
};

/** Says why fail2ban is offline and what to do about it, for the person in front of the portal. */
export function offlineReason(error: unknown, socketPath: string): string {
  const hung = 'fail2ban is there but does not answer: it hangs, or is busy with a command of somebody else.';
  if (error instanceof Fail2banTimeout) return hung;
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no socket at ${socketPath}: fail2ban is not running, or BANGUI_FAIL2BAN_SOCKET names the wrong place.`;
    case 'ECONNREFUSED':
      return `Nobody listens at ${socketPath}: fail2ban ended without cleaning up. Start it again.`;
    case 'EACCES':
    case 'EPERM':
      return `BanGUI may not open ${socketPath}. Run it as a user who may, or give its user access after each start of fail2ban.`;
    case 'EAGAIN':
      return hung;
    case 'ECONNRESET':
    case 'EPIPE':
      return 'fail2ban closed the connection: it is stopping or was killed.';
    default:
      return error instanceof Fail2banOffline
        ? 'fail2ban cannot be reached.'
        : 'fail2ban gave an answer that BanGUI does not understand.';
  }
}
