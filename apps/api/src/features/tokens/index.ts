export { ApiTokenEntity, type TokenScopeName, tokenScopes } from './api-token.entity.ts';
export { CurrentToken, TokenScope } from './token-scope.ts';
export { TokensModule } from './tokens.module.ts';
export { TokensService } from './tokens.service.ts';
