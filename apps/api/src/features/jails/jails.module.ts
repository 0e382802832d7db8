import { Module } from '@nestjs/common';
import { AllowlistModule } from '../allowlist/index.ts';
import { BansModule } from '../bans/index.ts';
import { ServerModule } from '../server/index.ts';
import { ConfiguredJails } from './configured-jails.ts';
import { IdleJails } from './idle-jails.ts';
import { JailAdjustments } from './jail-adjustments.ts';
import { JailColours } from './jail-colours.ts';
import { JailLoading } from './jail-loading.ts';
import { JailProver } from './jail-prover.ts';
import { JailRepository } from './jail.repository.ts';
import { JailSteering } from './jail-steering.ts';
import { JailsController } from './jails.controller.ts';
import { JailsService } from './jails.service.ts';
import { LiveJails } from './live-jail.ts';
import { TouchedJails } from './touched-jails.ts';

/** Jails: list, detail, proof, steering. */
@Module({
  imports: [AllowlistModule, ServerModule, BansModule],
  controllers: [JailsController],
  providers: [
    ConfiguredJails,
    IdleJails,
    JailAdjustments,
    JailColours,
    JailLoading,
    JailProver,
    JailRepository,
    JailSteering,
    JailsService,
    LiveJails,
    TouchedJails,
  ],
  exports: [JailLoading, JailsService],
})
export class JailsModule {}
