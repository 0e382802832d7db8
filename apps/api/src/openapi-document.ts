import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from './app.module.ts';
import { outsideOfVersion } from './bootstrap.ts';
import { loadSettings } from './core/config/load-settings.ts';
import { describeApi } from './core/http/openapi.ts';
import { Log } from './core/logging/log.ts';
import { version } from './core/version.ts';

/** The description of the API, made without starting anything: no database is opened, no socket is touched. */
export async function openApiDocument(): Promise<OpenAPIObject> {
  const log = await Log.open({ level: 'silent', format: 'json' });
  const module = AppModule.with({ settings: loadSettings({}), log });
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    preview: true,
    abortOnError: false,
    logger: false,
  });
  app.setGlobalPrefix('api/v1', { exclude: outsideOfVersion });
  return describeApi(app, version);
}
