import { type MigrationInterface } from 'typeorm';
import { FirstSchema1763800000000 } from './1763800000000-first-schema.ts';
import { Jails1763800100000 } from './1763800100000-jails.ts';
import { Archive1763800200000 } from './1763800200000-archive.ts';
import { GeoCache1763800300000 } from './1763800300000-geo-cache.ts';
import { HistorySync1763900500000 } from './1763900500000-history-sync.ts';
import { Scheduler1764000000000 } from './1764000000000-scheduler.ts';
import { Instances1764000100000 } from './1764000100000-instances.ts';
import { Allowlist1764100000000 } from './1764100000000-allowlist.ts';
import { ApiTokens1764100100000 } from './1764100100000-api-tokens.ts';
import { Blocklists1764100200000 } from './1764100200000-blocklists.ts';
import { Enforcement1764300000000 } from './1764300000000-enforcement.ts';
import { Quarters1764400000000 } from './1764400000000-quarters.ts';
import { EnforcerTokens1764450000000 } from './1764450000000-enforcer-tokens.ts';
import { Configuration1764500000000 } from './1764500000000-configuration.ts';
import { TextPosition1764550000000 } from './1764550000000-text-position.ts';
import { ConfigurationDrafts1764600000000 } from './1764600000000-configuration-drafts.ts';

/** Every change of the schema, oldest first. A released migration is never edited. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  FirstSchema1763800000000,
  Jails1763800100000,
  Archive1763800200000,
  GeoCache1763800300000,
  HistorySync1763900500000,
  Scheduler1764000000000,
  Instances1764000100000,
  Allowlist1764100000000,
  ApiTokens1764100100000,
  Blocklists1764100200000,
  Enforcement1764300000000,
  Quarters1764400000000,
  EnforcerTokens1764450000000,
  Configuration1764500000000,
  TextPosition1764550000000,
  ConfigurationDrafts1764600000000,
];
