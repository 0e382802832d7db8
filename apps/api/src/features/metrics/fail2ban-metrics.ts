import { Injectable } from '@nestjs/common';
import { JailsService } from '../jails/index.ts';
import { Fail2banWatcher } from '../server/index.ts';
import { MetricsRegistry } from './metrics-registry.ts';

/** fail2ban under the names that dashboards and alerts of others know, and whether jails are armed. */
@Injectable()
export class Fail2banMetrics {
  constructor(registry: MetricsRegistry, server: Fail2banWatcher, jails: JailsService) {
    const up = registry.gauge('f2b_up', 'Whether fail2ban answers.', []);
    const version = registry.gauge('f2b_version', 'Version of fail2ban, as a label.', ['version']);
    const count = registry.gauge('f2b_jail_count', 'Jails that fail2ban has.', []);
    const perJail = (name: string, help: string) => registry.gauge(name, help, ['jail']);
    const bannedNow = perJail('f2b_jail_banned_current', 'Addresses banned now.');
    const bannedTotal = perJail('f2b_jail_banned_total', 'Addresses banned since fail2ban was started.');
    const failedNow = perJail('f2b_jail_failed_current', 'Addresses with failures that count now.');
    const failedTotal = perJail('f2b_jail_failed_total', 'Failures since fail2ban was started.');
    const banTime = perJail('f2b_config_jail_ban_time', 'Length of a ban in seconds; -1 is for ever.');
    const findTime = perJail('f2b_config_jail_find_time', 'Seconds within which failures count together.');
    const maxRetries = perJail('f2b_config_jail_max_retries', 'Failures that lead to a ban.');
    const armed = perJail('bangui_jail_armed', 'Whether the jail is read back as its configuration means it.');
    registry.onRead(() => {
      const { isOnline, version: running } = server.state;
      up([[{}, Number(isOnline)]]);
      version(running === null ? [] : [[{ version: running }, 1]]);
      // What is no longer known is not told: a last value would look like a healthy one.
      const known = isOnline ? [...server.jails] : [];
      count([[{}, known.length]]);
      bannedNow(known.map(([jail, { currentlyBanned }]) => [{ jail }, currentlyBanned]));
      bannedTotal(known.map(([jail, { totalBanned }]) => [{ jail }, totalBanned]));
      failedNow(known.map(([jail, { currentlyFailed }]) => [{ jail }, currentlyFailed]));
      failedTotal(known.map(([jail, { totalFailed }]) => [{ jail }, totalFailed]));
      const limits = isOnline ? [...jails.limits()] : [];
      banTime(limits.map(([jail, limit]) => [{ jail }, limit.banTime]));
      findTime(limits.map(([jail, limit]) => [{ jail }, limit.findTime]));
      maxRetries(limits.map(([jail, limit]) => [{ jail }, limit.maxRetry]));
      armed(jails.list().items.map(({ name, armed: { status } }) => [{ jail: name }, Number(status === 'armed')]));
    });
  }
}
