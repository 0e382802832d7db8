import { Controller, Get, Param } from '@nestjs/common';
import { Operation, OperationList } from './operation.dto.ts';
import { Operations } from './operations.ts';

/** Changes that outlast their request, and how they ended. */
@Controller('operations')
export class OperationsController {
  constructor(private readonly operations: Operations) {}

  /** The latest 50 operations, newest first. */
  @Get()
  async latest(): Promise<OperationList> {
    return { items: await this.operations.latest(50) };
  }

  /** One operation. The latest 200 are kept. */
  @Get(':id')
  one(@Param('id') id: string): Promise<Operation> {
    return this.operations.get(id);
  }
}
