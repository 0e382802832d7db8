import { Module } from '@nestjs/common';
import { Allowlist } from './allowlist.ts';
import { AllowlistRepository } from './allowlist.repository.ts';

/** What must never be banned. How it is edited and brought to fail2ban is `entries/`, which knows bans and jails. */
@Module({
  providers: [Allowlist, AllowlistRepository],
  exports: [Allowlist, AllowlistRepository],
})
export class AllowlistModule {}
