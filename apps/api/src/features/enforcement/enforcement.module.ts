import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { BlocklistsModule } from '../blocklists/index.ts';
import { ConfigurationModule } from '../configuration/index.ts';
import { JailsModule } from '../jails/index.ts';
import { EnforcementController } from './enforcement.controller.ts';
import { EnforcementRepository } from './enforcement.repository.ts';
import { EnforcementService } from './enforcement.service.ts';
import { EnforcersController } from './enforcers.controller.ts';
import { EnforcerSocket } from './socket/enforcer-socket.ts';
import { EnforcerToken } from './socket/enforcer-token.ts';
import { Fail2banEnforcement } from './fail2ban/fail2ban-enforcement.ts';
import { ListBans } from './fail2ban/list-bans.ts';
import { ProvisionedJails } from './fail2ban/provisioned-jails.ts';
import { ListsWanted } from './lists-wanted.ts';
import { WantedAnswers } from './wanted-answers.ts';
import { WantedSource } from './wanted-source.ts';

/** What enforcers are told to block, and what they say about it. */
@Module({
  imports: [AuditModule, BlocklistsModule, ConfigurationModule, JailsModule],
  controllers: [EnforcementController, EnforcersController],
  providers: [
    EnforcementRepository,
    EnforcementService,
    EnforcerSocket,
    EnforcerToken,
    Fail2banEnforcement,
    ListBans,
    ProvisionedJails,
    WantedAnswers,
    { provide: WantedSource, useClass: ListsWanted },
  ],
  exports: [EnforcementService],
})
export class EnforcementModule {}
