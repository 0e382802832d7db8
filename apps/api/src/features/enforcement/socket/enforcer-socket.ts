import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { isServed } from '@bangui/enforcement';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type FastifyInstance } from 'fastify';
import { Settings } from '../../../core/config/settings.ts';
import { Log } from '../../../core/logging/log.ts';
import { logEvents } from '../../../core/logging/log-events.ts';
import { StartRefused } from '../../../core/start-refused.ts';
import { EnforcerToken } from './enforcer-token.ts';

/** What is served here; everything else is for people and has nothing to do on this socket. */
const served = /^\/api\/v1\/enforcement\/(?:wanted|reports)(?:\?|$)/;
/** A request must have arrived in full within this many milliseconds. */
const requestTimeoutMs = 30_000;

/** Serves enforcers of this machine on a Unix socket, so that they need neither the network nor a token that somebody copied. */
@Injectable()
export class EnforcerSocket implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server: Server | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly token: EnforcerToken,
    private readonly adapter: HttpAdapterHost,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { enforcerSocket: path } = this.settings;
    if (path === undefined || this.settings.enforcement !== 'ipset') return;
    try {
      if (await isServed(path)) throw new Error('another process serves it');
      await this.token.provide(EnforcerToken.besides(path));
      // Left behind by one that was killed.
      await rm(path, { force: true });
      await this.listen(path);
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new StartRefused(`BANGUI_ENFORCER_SOCKET ${path} cannot be opened: ${words}`);
    }
    this.log.info(logEvents.enforcerSocketOpened, { path });
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  private async listen(path: string): Promise<void> {
    // The adapter is Fastify's; its type does not say so.
    const fastify: FastifyInstance = this.adapter.httpAdapter.getInstance();
    const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) =>
      isForEnforcers(request) ? fastify.routing(request, response) : refuse(response),
    );
    server.listen(path);
    await once(server, 'listening');
    await chmod(path, 0o660);
    this.server = server;
  }
}

function isForEnforcers({ url }: IncomingMessage): boolean {
  return url !== undefined && served.test(url);
}

function refuse(response: ServerResponse): void {
  const problem = { type: 'about:blank', title: 'Not Found', status: 404, code: 'not-found' };
  response.writeHead(404, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(problem));
}
