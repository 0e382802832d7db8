import { Module } from '@nestjs/common';
import { SetupCode } from './setup-code.ts';
import { SetupCodeRepository } from './setup-code.repository.ts';
import { SetupChecks } from './setup-checks.ts';
import { SetupController } from './setup.controller.ts';
import { SetupService } from './setup.service.ts';

/** From nothing to the first administrator. */
@Module({ controllers: [SetupController], providers: [SetupChecks, SetupCode, SetupCodeRepository, SetupService] })
export class SetupModule {}
