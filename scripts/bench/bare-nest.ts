import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** The yardstick for memory: Nest on Fastify with one route and nothing else. */
class AliveController {
  alive(): string {
    return 'alive';
  }
}
// Type stripping leaves no decorators, so they are called as the functions they are.
const alive = Object.getOwnPropertyDescriptor(AliveController.prototype, 'alive');
if (alive) Get()(AliveController.prototype, 'alive', alive);
Controller()(AliveController);

class BareModule {
  readonly isBare = true;
}
Module({ controllers: [AliveController] })(BareModule);

const app = await NestFactory.create(BareModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.send?.('ready');
