import 'reflect-metadata';
import { type ValueProvider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.ts';
import { type Clock } from './core/clock.ts';
import { type Settings } from './core/config/settings.ts';
import { serveApiDocs } from './core/http/openapi.ts';
import { servePortal } from './core/http/portal.ts';
import { ProblemFilter } from './core/http/problem.filter.ts';
import { validationPipe } from './core/http/validation.ts';
import { HttpMetrics } from './features/metrics/index.ts';
import { createWebServer, dressWebServer } from './core/http/web-server.ts';
import { FrameworkLog } from './core/logging/framework-log.ts';
import { Log } from './core/logging/log.ts';
import { Tracing } from './core/tracing/index.ts';
import { version } from './core/version.ts';

/** What tests replace. */
export interface AppOverrides {
  readonly clock?: Clock;
  /** Receives each log line instead of standard output. */
  readonly writeLog?: (line: string) => void;
  /** What a feature takes instead of its own: `PasswordCost`, `PluginPlaces`. */
  readonly replacements?: readonly ValueProvider[];
}

/** Health and metrics have addresses of their own; everything else is versioned. */
export const outsideOfVersion = ['api/health', 'api/health/live', 'api/health/ready', 'metrics'];

/** Builds the whole API, initialised and ready to listen. Rejects when the database cannot be used. */
export async function createApp(settings: Settings, overrides: AppOverrides = {}): Promise<NestFastifyApplication> {
  const log = await Log.open({
    level: settings.logLevel,
    format: settings.logFormat,
    ...(overrides.writeLog && { write: overrides.writeLog }),
  });
  const server = createWebServer(settings);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ settings, log, clock: overrides.clock, replacements: overrides.replacements }),
    server,
    {
      logger: new FrameworkLog(log),
      abortOnError: false,
      bodyParser: false,
    },
  );
  app.setGlobalPrefix('api/v1', { exclude: outsideOfVersion });
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalPipes(validationPipe());
  await dressWebServer(app, settings, log);
  app.get(Tracing).watch(server.getInstance());
  app.get(HttpMetrics, { strict: false }).watch(server.getInstance());
  await servePortal(app, server, settings.portalDir);
  if (settings.apiDocs) await serveApiDocs(app, version);
  return app.init();
}
