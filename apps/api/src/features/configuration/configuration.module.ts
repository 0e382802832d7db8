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
import { ConfigurationReader } from './configuration-reader.ts';
import { ConfigurationViews } from './configuration-views.ts';
import { ProvidedFiles } from './provided-files.ts';
import { RegexProbe } from './regex-probe.ts';
import { ConfigurationRepository } from './store/index.ts';
import { AppliedConfiguration } from './transaction/applied-configuration.ts';
import { ConfigurationFiles } from './transaction/configuration-files.ts';
import { ConfigurationTransactions } from './transaction/configuration-transactions.ts';

/** fail2ban's configuration: read with the origin of every value, changed as a transaction, kept as versions. */
@Module({
  imports: [AuditModule, AuthModule, JailsModule, RegexLabModule, ServerModule],
  controllers: [ChangesController, ConfigurationController],
  providers: [
    AppliedConfiguration,
    ChangeChecks,
    ConfigurationChanges,
    ConfigurationFiles,
    ConfigurationReader,
    ConfigurationRepository,
    ConfigurationTransactions,
    ConfigurationViews,
    ProvidedFiles,
    RegexProbe,
  ],
  exports: [ProvidedFiles],
})
export class ConfigurationModule {}
