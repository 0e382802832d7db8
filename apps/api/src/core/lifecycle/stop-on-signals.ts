import { type Server } from 'node:http';
import { type INestApplication } from '@nestjs/common';
import { Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';
import { Lifecycle, StopTimes } from './lifecycle.ts';

/**
 * Stops in order: not ready, tasks and event streams end, serve a little longer, close. The second signal, or the end
 * of the time allowed, ends the process at once.
 */
export async function stop(app: INestApplication<Server>, times: StopTimes = new StopTimes()): Promise<void> {
  const log = app.get(Log);
  log.info(logEvents.shuttingDown, { serveMs: times.serveMs, totalMs: times.totalMs });
  await app.get(Lifecycle).beginStop();
  await new Promise((resolve) => setTimeout(resolve, times.serveMs));
  // Closing waits for connections that never carried a request, too: browsers open them in advance.
  const drained = setTimeout(() => app.getHttpServer().closeAllConnections(), times.drainMs);
  await app.close();
  clearTimeout(drained);
  log.info(logEvents.stopped);
}

/** Makes SIGTERM and SIGINT, and BanGUI's own wish, stop the process in order. */
export function stopOnSignals(app: INestApplication<Server>, times: StopTimes = new StopTimes()): void {
  let isStopping = false;
  const begin = (ownTimes: StopTimes, exitCode: number): void => {
    isStopping = true;
    setTimeout(() => process.exit(1), times.totalMs).unref();
    stop(app, ownTimes).then(
      () => process.exit(exitCode),
      (error: unknown) => {
        app.get(Log).error(logEvents.stopHookFailed, { error });
        process.exit(1);
      },
    );
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    // A person at a terminal has no load balancer to wait for.
    begin(signal === 'SIGINT' ? { ...times, serveMs: 0, drainMs: 1_000 } : times, 0);
  };
  void app.get(Lifecycle).stopRequested.then((exitCode) => {
    if (!isStopping) begin(times, exitCode);
  });
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
