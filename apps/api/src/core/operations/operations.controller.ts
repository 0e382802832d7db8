import { Controller, Get, Param } from '@nestjs/common';
import { Operation, OperationList } from './operation.dto.ts';
import { Operations } from './operations.ts';

/** Changes that outlast their request, and how they ended. */
@Controller('operations')
export class OperationsController {
  constructor(private readonly operations: Operations) {}

  /** The latest 50 operations, newest first. */
  @Get()
  latest(): OperationList {
    return { items: this.operations.latest(50) };
  }

  /** One operation. The latest 200 are kept, until the API stops. */
  @Get(':id')
  one(@Param('id') id: string): Operation {
    return this.operations.get(id);
  }
}
