import { Global, Module } from '@nestjs/common';
import { TokenGuard } from './token.guard.ts';
import { TokenThrottle } from './token-throttle.ts';
import { TokensController } from './tokens.controller.ts';
import { TokensRepository } from './tokens.repository.ts';
import { TokensService } from './tokens.service.ts';

/** API tokens, and the guard that any feature puts before its routes with `@TokenScope()`. */
@Global()
@Module({
  controllers: [TokensController],
  providers: [TokenGuard, TokenThrottle, TokensRepository, TokensService],
  exports: [TokenGuard, TokenThrottle, TokensService],
})
export class TokensModule {}
