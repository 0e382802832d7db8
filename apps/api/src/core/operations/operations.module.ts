import { Global, Module } from '@nestjs/common';
import { Operations } from './operations.ts';
import { OperationsController } from './operations.controller.ts';

/** Changes that may outlast their request. */
@Global()
@Module({ controllers: [OperationsController], providers: [Operations], exports: [Operations] })
export class OperationsModule {}
