import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '../audit/index.ts';
import { AccountService } from './account.service.ts';
import { AdministratorsController } from './administrators.controller.ts';
import { AdministratorsService } from './administrators.service.ts';
import { AuthController } from './auth.controller.ts';
import { FirstAdministrator } from './first-administrator.ts';
import { Passwords } from './passwords.ts';
import { SessionCleanUp } from './session-clean-up.ts';
import { SessionCookie } from './session-cookie.ts';
import { SessionGuard } from './session.guard.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { SessionsService } from './sessions.service.ts';
import { SignInCountsRepository } from './sign-in-counts.repository.ts';
import { SignInService } from './sign-in.service.ts';
import { SignInThrottle } from './sign-in-throttle.ts';
import { UsersRepository } from './users.repository.ts';

/** Users, their sessions, and the guard of every route that is not public. */
@Global()
@Module({
  imports: [AuditModule],
  controllers: [AuthController, AdministratorsController],
  providers: [
    AccountService,
    AdministratorsService,
    FirstAdministrator,
    Passwords,
    SessionCleanUp,
    SessionCookie,
    SessionsRepository,
    SessionsService,
    SignInCountsRepository,
    SignInService,
    SignInThrottle,
    UsersRepository,
    { provide: APP_GUARD, useClass: SessionGuard },
  ],
  exports: [
    AccountService,
    AdministratorsService,
    FirstAdministrator,
    SessionCookie,
    SessionsService,
    SignInCountsRepository,
    SignInService,
    SignInThrottle,
  ],
})
export class AuthModule {}
