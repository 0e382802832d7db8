import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '../../../core/config/settings.ts';
import { tokenScopes, TokensService } from '../../tokens/index.ts';

/** What an enforcer needs. */
const scopes = tokenScopes.filter((scope) => scope.startsWith('enforcement:'));
/** Who made it, in the audit log and the list of tokens. */
const actor = { username: 'bangui', address: 'local', requestId: 'start' };

/** The tokens that enforcers have without anybody making one: in a file for those of this machine, given for those of others. */
@Injectable()
export class EnforcerToken implements OnApplicationBootstrap {
  constructor(
    private readonly tokens: TokensService,
    private readonly settings: Settings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { enforcerToken } = this.settings;
    if (enforcerToken !== undefined) await this.tokens.adopt(enforcerToken, { name: 'Enforcers', scopes }, actor);
  }

  /** Where the token of a socket is written. */
  static besides(socket: string): string {
    return join(dirname(socket), 'enforcer-token');
  }

  /** Makes sure that the file holds a token that works; what works already stays. The group may read it. */
  async provide(file: string): Promise<void> {
    const known = await readFile(file, 'utf8').catch(() => '');
    if (known !== '' && (await this.tokens.use(known.trim()))) return;
    const { token } = await this.tokens.create({ name: 'Enforcer of this machine', scopes }, actor);
    // In one step, so that nobody reads half of it.
    await writeFile(`${file}.new`, `${token}\n`, { mode: 0o600 });
    await chmod(`${file}.new`, 0o640);
    await rename(`${file}.new`, file);
  }
}
