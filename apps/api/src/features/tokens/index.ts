export { ApiTokenEntity, type TokenScopeName, tokenScopes } from './api-token.entity.ts';
export { CurrentToken, TokenScope } from './token-scope.ts';
export { TokensModule } from './tokens.module.ts';
export { type ApiToken, type NewApiToken } from './tokens.dto.ts';
export { TokensRepository } from './tokens.repository.ts';
export { TokensService } from './tokens.service.ts';
