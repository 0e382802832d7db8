import { Fail2banOffline } from '../errors.ts';

const EXPLANATIONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no socket; fail2ban is not running, or its socket is elsewhere'],
  ['ECONNREFUSED', 'nobody listens on the socket; fail2ban has ended without removing it'],
  ['EACCES', 'permission denied; BanGUI’s user needs read and write access to the socket and its folder'],
  ['EPERM', 'the system forbids it'],
  ['EAGAIN', 'too many programs wait for fail2ban, which is busy or hangs'],
  ['ENOTDIR', 'a part of the path is not a folder'],
]);

/** Says in words why connecting failed. */
export function offlineError(
  socketPath: string,
  reason: string | undefined,
  sent: boolean,
  cause: unknown,
): Fail2banOffline {
  const words = EXPLANATIONS.get(reason ?? '') ?? reason ?? 'unknown reason';
  return new Fail2banOffline(`Cannot connect to fail2ban at ${socketPath}: ${words}.`, { reason, sent, cause });
}
