import { Global, Module } from '@nestjs/common';
import { Operations } from './operations.ts';
import { OperationsController } from './operations.controller.ts';
import { OperationsRepository } from './operations.repository.ts';
import { SharedOperations } from './shared-operations.ts';

/** Changes that may outlast their request. */
@Global()
@Module({
  controllers: [OperationsController],
  providers: [Operations, OperationsRepository, SharedOperations],
  exports: [Operations],
})
export class OperationsModule {}
