import { Injectable } from '@nestjs/common';
import { type FastifyInstance } from 'fastify';
import { MetricsRegistry } from './metrics-registry.ts';

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** How long answers take. */
@Injectable()
export class HttpMetrics {
  private readonly durations;

  constructor(registry: MetricsRegistry) {
    this.durations = registry.histogram('bangui_http_request_duration_seconds', 'Time until an answer was sent.', {
      labelNames: ['method', 'route', 'status'],
      buckets,
    });
  }

  /** Watches a server whose routes are not there yet. */
  watch(server: Pick<FastifyInstance, 'addHook'>): void {
    server.addHook('onResponse', (request, reply, done) => {
      // What was asked for may be anything; routes are few.
      const route = request.routeOptions.url ?? 'none';
      const status = `${Math.floor(reply.statusCode / 100)}xx`;
      this.durations.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000);
      done();
    });
  }
}
