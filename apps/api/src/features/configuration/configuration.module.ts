import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { AuthModule } from '../auth/index.ts';
import { JailsModule } from '../jails/index.ts';
import { RegexLabModule } from '../regex-lab/index.ts';
import { ServerModule } from '../server/index.ts';
import { ChangeChecks } from './change-checks.ts';
import { ChangesController } from './changes.controller.ts';
import { ConfigurationChanges } from './configuration-changes.ts';
import { ConfigurationController } from './configuration.controller.ts';
import { ConfigurationDrafts } from './configuration-drafts.ts';
import { ConfigurationReader } from './configuration-reader.ts';
import { ConfigurationViews } from './configuration-views.ts';
import { DraftsController } from './drafts.controller.ts';
import { ProvidedFiles } from './provided-files.ts';
import { RegexProbe } from './regex-probe.ts';
import { ConfigurationRepository, DraftsRepository } from './store/index.ts';
import { AppliedConfiguration } from './transaction/applied-configuration.ts';
import { ConfigurationFiles } from './transaction/configuration-files.ts';
import { ConfigurationTransactions } from './transaction/configuration-transactions.ts';

/** fail2ban's configuration: read with the origin of every value, changed as a transaction, kept as versions. */
@Module({
  imports: [AuditModule, AuthModule, JailsModule, RegexLabModule, ServerModule],
  controllers: [ChangesController, ConfigurationController, DraftsController],
  providers: [
    AppliedConfiguration,
    ChangeChecks,
    ConfigurationChanges,
    ConfigurationDrafts,
    ConfigurationFiles,
    ConfigurationReader,
    ConfigurationRepository,
    ConfigurationTransactions,
    ConfigurationViews,
    DraftsRepository,
    ProvidedFiles,
    RegexProbe,
  ],
  exports: [ProvidedFiles],
})
export class ConfigurationModule {}
