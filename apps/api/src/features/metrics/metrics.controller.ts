import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { TokenScope } from '../tokens/index.ts';
import { MetricsRegistry } from './metrics-registry.ts';

/** What Prometheus collects. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  /**
   * All metrics in Prometheus's text format, for an API token with the scope `metrics:read` (Bearer). fail2ban's have the
   * names that other exporters use (`f2b_…`), BanGUI's own begin with `bangui_`.
   */
  @Get()
  @TokenScope('metrics:read')
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'Metrics', schema: { type: 'string' } })
  async read(@Res() reply: FastifyReply): Promise<void> {
    const text = await this.registry.text();
    await reply.header('Content-Type', this.registry.contentType).header('Cache-Control', 'no-store').send(text);
  }
}
