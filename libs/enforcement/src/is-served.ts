import { once } from 'node:events';
import { connect } from 'node:net';

/** Whether somebody listens on a Unix socket; false when nothing is there, or only what a process that ended has left. */
export async function isServed(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
