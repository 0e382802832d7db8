import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fail2banClient } from '@bangui/fail2ban';
import { type DryRun } from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../../core/config/settings.ts';
import { Fail2banConfiguration } from '../../../core/fail2ban/index.ts';

/** The jail that holds what lists block. */
export const blocklistJail = 'blocklist-import';
/** The jail of bans without end. */
export const permanentJail = 'bangui-permanent';
const ours = [blocklistJail, permanentJail] as const;

/** The jails could not be provided; everything is as it was before. */
export class JailsNotProvided extends Error {}

/** Provides the jails of BanGUI in a file of its own; any failure puts the file and fail2ban back. */
@Injectable()
export class ProvisionedJails {
  constructor(
    private readonly settings: Settings,
    private readonly configuration: Fail2banConfiguration,
    private readonly client: Fail2banClient,
  ) {}

  /** Where the jails are written. */
  get file(): string {
    return join(this.configuration.directory, 'jail.d', 'zz-bangui-blocklist.local');
  }

  /** Makes sure that fail2ban has the jails as they are meant. @throws {JailsNotProvided} or the client's error */
  async ensure(): Promise<void> {
    const text = fileText(this.settings.enforcementAction);
    const before = await readFile(this.file, 'utf8').catch(() => undefined);
    const present = new Set(await this.client.jailNames());
    const missing = ours.filter((jail) => !present.has(jail));
    if (before === text && missing.length === 0) return;
    await this.write(text);
    let isSent = false;
    try {
      const streams = await this.checked();
      isSent = true;
      for (const [jail, stream] of streams) await this.client.reload(stream, { jail, ifExists: true });
      await this.readBack();
    } catch (cause) {
      await this.putBack(before, isSent ? missing : []);
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new JailsNotProvided(`The jails of BanGUI could not be provided, and ${this.file} is as it was: ${words}`, {
        cause,
      });
    }
  }

  /** The commands that load each jail, after both of fail2ban's own checks found nothing wrong. */
  private async checked(): Promise<Map<string, DryRun['stream']>> {
    const whole = await this.configuration.dryRun();
    const problem = [...(await this.configuration.test()), ...whole.problems][0];
    if (problem) throw new Error([problem.jail, problem.option, problem.message].filter(Boolean).join(': '));
    const streams = new Map<string, DryRun['stream']>();
    for (const jail of ours) {
      if (!whole.jails.some(({ name }) => name === jail)) throw new Error(`the configuration does not enable ${jail}`);
      streams.set(jail, (await this.configuration.dryRun(jail)).stream);
    }
    return streams;
  }

  private async readBack(): Promise<void> {
    for (const jail of ours) {
      const bantime = await this.client.get(jail, 'bantime');
      if (bantime !== -1) throw new Error(`${jail} bans for ${bantime} s and not for ever`);
    }
  }

  private async write(text: string): Promise<void> {
    try {
      // In one step: a reload beside us never reads half of it.
      await writeFile(`${this.file}.new`, text, { mode: 0o644 });
      await rename(`${this.file}.new`, this.file);
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new JailsNotProvided(`The jails of BanGUI cannot be written: ${words}`, { cause });
    }
  }

  /** @param added jails that fail2ban did not have before */
  private async putBack(before: string | undefined, added: readonly string[]): Promise<void> {
    if (before === undefined) await rm(this.file, { force: true });
    else await this.write(before);
    for (const jail of added) {
      // It may never have come.
      await this.client.stopJail(jail).catch(() => undefined);
    }
    if (before === undefined) return;
    for (const jail of ours.filter((each) => !added.includes(each))) {
      const { stream, problems } = await this.configuration.dryRun(jail);
      if (problems.length === 0) await this.client.reload(stream, { jail, ifExists: true });
    }
  }
}

/** A jail without filter reads no log: it bans whom it is told, and for ever. */
function fileText(action: string): string {
  const jail = (name: string): string => `[${name}]
enabled  = true
backend  = polling
filter   =
usedns   = no
bantime  = -1
bantime.increment = false
action   = ${action}
`;
  return `# Written by BanGUI; changes made by hand are lost.
${ours.map(jail).join('\n')}`;
}
