import { connect } from 'node:net';
import { userInfo } from 'node:os';

/** Which fail2ban BanGUI is to be run with. */
export type Fail2banChoice =
  /** The environment says so. */
  | { readonly kind: 'given'; readonly socketPath: string }
  /** This machine's own. */
  | { readonly kind: 'machine'; readonly socketPath: string }
  /** A private one; the reason is a sentence for people. */
  | { readonly kind: 'demo'; readonly reason: string };

/** Where Debian's fail2ban listens. */
export const machineSocket = '/var/run/fail2ban/fail2ban.sock';

/** What the environment gives, else the machine's fail2ban if this user may talk to it, else a private one. */
export async function pickFail2ban(env: NodeJS.ProcessEnv, socketOfMachine = machineSocket): Promise<Fail2banChoice> {
  const given = env['BANGUI_FAIL2BAN_SOCKET'] ?? env['BANGUI_FAIL2BAN_SOCKET_FILE'];
  if (given !== undefined && given !== '') return { kind: 'given', socketPath: given };
  const failure = await connectFailure(socketOfMachine);
  switch (failure) {
    case undefined:
    case 'EAGAIN': // too busy to take us in right now, hence alive
      return { kind: 'machine', socketPath: socketOfMachine };
    case 'EACCES':
    case 'EPERM':
      return {
        kind: 'demo',
        reason: `User ${userInfo().username} may not talk to this machine's fail2ban, so this is a private one with made-up attackers.`,
      };
    case 'ECONNREFUSED':
      return {
        kind: 'demo',
        reason: "This machine's fail2ban is not running, so this is a private one with made-up attackers.",
      };
    default:
      return {
        kind: 'demo',
        reason: 'This machine has no running fail2ban, so this is a private one with made-up attackers.',
      };
  }
}

/** Why nobody answers at a socket; undefined when somebody accepts. */
export function connectFailure(path: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = connect({ path });
  socket.setTimeout(2000, () => resolve('ETIMEDOUT'));
  socket.once('connect', () => resolve(undefined));
  socket.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  return promise.finally(() => socket.destroy());
}
