import { Controller, Get, Header, HttpStatus, Res, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, type HealthCheckResult, type HealthIndicatorFunction } from '@nestjs/terminus';
import { type FastifyReply } from 'fastify';
import { Lifecycle } from '../../core/lifecycle/lifecycle.ts';
import { Public } from '../auth/index.ts';
import { Health, Liveness, Readiness } from './health.dto.ts';
import { HealthIndicators, type Measured } from './health.indicators.ts';

/** Whether BanGUI and what it depends on are there. Nothing of it needs a sign-in. */
@Public()
@Controller('api/health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicators,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** 200 while fail2ban answers, 503 while it does not. */
  @Get()
  @Header('Cache-Control', 'no-store')
  async fail2ban(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    const { isUp } = await this.check('fail2ban', () => this.indicators.fail2ban());
    if (!isUp) reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return isUp ? { status: 'ok', fail2ban: 'online' } : { status: 'unavailable', fail2ban: 'offline' };
  }

  /** 200 as long as the process runs. */
  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): Liveness {
    return { status: 'ok' };
  }

  /** 200 when everything BanGUI needs answers and it is not about to stop. */
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const [fail2ban, database, scheduler] = await Promise.all([
      this.check('fail2ban', () => this.indicators.fail2ban()),
      this.check('database', () => this.indicators.databaseAnswer()),
      this.check('scheduler', () => this.indicators.schedulerLock()),
    ]);
    const isUp = fail2ban.isUp && database.isUp && scheduler.isUp;
    const state = this.indicators.schedulerState;
    const status = this.lifecycle.isStopping ? 'stopping' : isUp ? 'ok' : 'unavailable';
    if (status !== 'ok') reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return {
      status,
      database: { status: database.isUp ? 'ok' : 'unavailable', latencyMs: database.latencyMs },
      fail2ban: { status: fail2ban.isUp ? 'online' : 'offline', latencyMs: fail2ban.latencyMs },
      scheduler: {
        status: scheduler.isUp ? (state === 'waiting' ? 'standby' : state) : 'unavailable',
        latencyMs: scheduler.latencyMs,
      },
    };
  }

  private async check(
    name: 'fail2ban' | 'database' | 'scheduler',
    indicator: HealthIndicatorFunction,
  ): Promise<Measured & { readonly isUp: boolean }> {
    const result = await this.health.check([indicator]).catch((error: unknown) => {
      // Terminus throws what it found when something is down.
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    });
    const found = result.details[name];
    const latencyMs: unknown = found?.latencyMs;
    return { isUp: found?.status === 'up', latencyMs: typeof latencyMs === 'number' ? latencyMs : null };
  }
}
