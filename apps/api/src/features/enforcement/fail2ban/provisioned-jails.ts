import { Fail2banClient } from '@bangui/fail2ban';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../../core/config/settings.ts';
import { ProvidedFiles } from '../../configuration/index.ts';
import { JailLoading } from '../../jails/index.ts';

/** The jail that holds what lists block. */
export const blocklistJail = 'blocklist-import';
/** The jail of bans without end. */
export const permanentJail = 'bangui-permanent';
const ours = [blocklistJail, permanentJail] as const;

/** The jails could not be provided; everything is as it was before. */
export class JailsNotProvided extends Error {}

/** Provides the jails of BanGUI in a file of its own, by the same way that changes of administrators take. */
@Injectable()
export class ProvisionedJails {
  constructor(
    private readonly settings: Settings,
    private readonly files: ProvidedFiles,
    private readonly loading: JailLoading,
    private readonly client: Fail2banClient,
  ) {}

  /** Makes sure that fail2ban has the jails as they are meant. @throws {JailsNotProvided} or the client's error */
  async ensure(): Promise<void> {
    const present = new Set(await this.client.jailNames());
    try {
      const isNew = await this.files.provide('blocklist', fileText(this.settings.enforcementAction));
      const missing = isNew ? [] : ours.filter((jail) => !present.has(jail));
      // Somebody stopped them, or fail2ban was started without them.
      for (const jail of missing) {
        await this.loading.load(await this.loading.streamOf(jail), [jail], { jail, ifExists: true });
      }
      await this.readBack();
    } catch (cause) {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new JailsNotProvided(
        `The jails of BanGUI could not be provided, and the configuration is as it was: ${words}`,
        {
          cause,
        },
      );
    }
  }

  private async readBack(): Promise<void> {
    for (const jail of ours) {
      const bantime = await this.client.get(jail, 'bantime');
      if (bantime !== -1) throw new Error(`${jail} bans for ${bantime} s and not for ever`);
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
