import { Controller, Get, Post, Query } from '@nestjs/common';
import { type ApiTokenEntity, CurrentToken, TokenScope } from '../index.ts';

/** Routes as features declare them, for tests of the guard. */
@Controller('probe')
export class ProbeController {
  @Get('feed')
  @TokenScope('feeds:read', { places: 'feed' })
  feed(@CurrentToken() { name }: ApiTokenEntity, @Query() query: Record<string, string>): object {
    return { name, query };
  }

  @Post('report')
  @TokenScope('enforcement:report')
  report(@CurrentToken() { name }: ApiTokenEntity): object {
    return { name };
  }

  /** Fails by a mistake of ours, which is logged with all that is known. */
  @Get('bug')
  @TokenScope('feeds:read', { places: 'feed' })
  bug(): never {
    throw new Error('a mistake of ours');
  }
}
