import { configProblems, withPlaceholders } from '@bangui/plugin-sdk/host';
import { Injectable } from '@nestjs/common';
import { grouped } from '../../../core/grouped.ts';
import { type FieldProblem } from '../../../core/http/app-error.ts';
import { type HostedSource, PluginFault, SourcePlugins } from '../../plugins/index.ts';
import { PluginUnknown, SettingsRefused } from '../blocklists.errors.ts';
import { secretFields } from './source-secrets.ts';

type Members = Readonly<Record<string, unknown>>;

/** Longest JSON of settings, in characters. */
const maxLength = 16_384;

/** Settings that a plugin has taken. */
export interface CheckedSettings {
  /** With defaults, without the secret ones. */
  readonly config: Record<string, unknown>;
  /** Names of the settings that are secret. */
  readonly secretFields: readonly string[];
}

/** Asks plugins whether they take settings. */
@Injectable()
export class SourceSettings {
  constructor(private readonly plugins: SourcePlugins) {}

  /** The plugin's source. @throws PluginUnknown */
  async source(plugin: string): Promise<HostedSource> {
    await this.plugins.settled();
    const source = this.plugins.source(plugin);
    if (!source) throw new PluginUnknown(plugin);
    return source;
  }

  /**
   * Checks settings the way the plugin does, and that it names feeds for them which it has declared.
   * @param keptSecrets names of secret settings that are stored already
   * @throws {PluginUnknown | SettingsRefused}
   */
  async check(plugin: string, config: Members, keptSecrets: readonly string[]): Promise<CheckedSettings> {
    const source = await this.source(plugin);
    if (JSON.stringify(config).length > maxLength) {
      throw new SettingsRefused([
        { field: 'config', message: `is longer than ${grouped(maxLength)} characters`, code: 'too-long' },
      ]);
    }
    const fields = secretFields(source.configSchema);
    const kept = keptSecrets.filter((field) => fields.includes(field) && config[field] === undefined);
    const filled = { ...config, ...Object.fromEntries(kept.map((field) => [field, 'kept'])) };
    // An empty secret is one that is to be removed.
    const isBlank = ([name, value]: [string, unknown]): boolean =>
      fields.includes(name) && (value === '' || value === null);
    const given = Object.fromEntries(Object.entries(filled).filter((entry) => !isBlank(entry)));
    const read = Object.entries(await this.readBy(source, given, fields));
    const value = Object.fromEntries(read.filter(([name]) => !fields.includes(name)));
    return { config: value, secretFields: fields };
  }

  private async readBy(
    source: HostedSource,
    given: Members,
    fields: readonly string[],
  ): Promise<Record<string, unknown>> {
    try {
      // First as they are, because a check may be about the length or form of a secret.
      const plain = await source.readConfig(given);
      const result = plain.issues ? plain : await source.readConfig(withPlaceholders(given, fields));
      if (result.issues) {
        throw new SettingsRefused(
          result.issues.map((issue): FieldProblem => {
            const parts = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
            const name = parts.join('.');
            const [message = 'is not valid'] = configProblems([{ message: issue.message }]);
            return {
              field: name === '' ? 'config' : `config.${name}`,
              message: message.slice(0, 300),
              code: 'settings-refused',
            };
          }),
        );
      }
      await source.feeds(result.value);
      return { ...(result.value as object) };
    } catch (error) {
      if (!(error instanceof PluginFault)) throw error;
      throw new SettingsRefused([{ field: 'config', message: error.message, code: 'settings-refused' }]);
    }
  }
}
