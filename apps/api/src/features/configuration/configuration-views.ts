import { BadArgument, parseDuration } from '@bangui/fail2ban';
import {
  type Configuration,
  type DefinitionConfiguration,
  type EffectiveOption,
  type JailConfiguration,
  type Origin,
} from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { JailLoading } from '../jails/index.ts';
import { Fail2banWatcher } from '../server/index.ts';
import { etagOf, type KnownFiles } from './change-plan.ts';
import { ConfigurationUnknown } from './configuration.errors.ts';
import {
  type ConfigurationFileText,
  type ConfigurationFileView,
  type ConfigurationOption,
  type ConfigurationOverview,
  type ConfiguredJailDetail,
  type ConfiguredJailSummary,
  type ConfiguredServer,
  type DefinitionDetail,
  type DefinitionSummary,
  type FileOwner,
  type OwnFile,
  type UsedDefinition,
  type ValueOrigin,
} from './configuration.dto.ts';
import { ConfigurationChanges } from './configuration-changes.ts';
import { ConfigurationReader } from './configuration-reader.ts';
import { isWritablePath, jailFile, serverFile } from './owned-path.ts';
import { ConfigurationRepository } from './store/index.ts';
import { ConfigurationTransactions } from './transaction/configuration-transactions.ts';

/** `filter.d` or `action.d`. */
export type DefinitionKind = 'filters' | 'actions';

/** The configuration as it is shown. */
@Injectable()
export class ConfigurationViews {
  constructor(
    private readonly reader: ConfigurationReader,
    private readonly changes: ConfigurationChanges,
    private readonly transactions: ConfigurationTransactions,
    private readonly repository: ConfigurationRepository,
    private readonly loading: JailLoading,
    private readonly server: Fail2banWatcher,
  ) {}

  /** Everything in short. @throws {ConfigurationUnreadable} as do all of these */
  async overview(): Promise<ConfigurationOverview> {
    const [configuration, known, version, status] = await Promise.all([
      this.reader.read(),
      this.changes.known(),
      this.repository.newest(),
      this.transactions.status(),
    ]);
    const change = status && { ...status, paths: [...status.paths] };
    const files = configuration.files.map((file) => fileView(file, known));
    return { directory: this.reader.directory, version, change, files };
  }

  async jails(): Promise<ConfiguredJailSummary[]> {
    const { jails } = await this.reader.read();
    const problems = this.loading.problems;
    return jails.map((jail) => ({
      ...this.standing(jail),
      layer: jail.definedIn[0]?.layer ?? 'stock',
      isChanged: jail.definedIn.some(({ layer }) => layer === 'ours'),
      filter: jail.filter?.name ?? null,
      actions: jail.actions.map(({ name }) => name),
      // Those of the dry run: to look for them in every jail would take a second with hundreds of them.
      problems: problems.filter((problem) => problem.jail === jail.name).length,
    }));
  }

  /** One jail; `DEFAULT` is what holds for all of them. @throws {ConfigurationUnknown} */
  async jail(name: string): Promise<ConfiguredJailDetail> {
    const { jails, jailDefaults } = await this.reader.read();
    if (name === 'DEFAULT') return this.defaults(jailDefaults);
    const jail = jails.find((one) => one.name === name);
    if (!jail) throw new ConfigurationUnknown(`jail ${name.slice(0, 100)}`);
    return {
      ...this.standing(jail),
      definedIn: jail.definedIn.map(originOf),
      options: [...jail.options.values()].map(optionView),
      filter: jail.filter && used(jail.filter),
      actions: jail.actions.map(used),
      problems: jail.problems.map((problem) => ({ ...problem, origin: problem.origin && originOf(problem.origin) })),
      file: await this.ownFile(jailFile(name)),
    };
  }

  private async defaults(options: Configuration['jailDefaults']): Promise<ConfiguredJailDetail> {
    return {
      ...{ name: 'DEFAULT', isEnabled: false, isRunning: false, isOurs: false },
      ...{ definedIn: [], filter: null, actions: [], problems: [] },
      options: [...options.values()].map(optionView),
      file: await this.ownFile(jailFile('DEFAULT')),
    };
  }

  /** fail2ban as a whole: `[Definition]` of `fail2ban.conf` and what is laid over it. */
  async serverSettings(): Promise<ConfiguredServer> {
    const { server } = await this.reader.read();
    const purgeAge = server.get('dbpurgeage')?.value;
    return {
      options: [...server.values()].map(optionView),
      purgeAgeSeconds: typeof purgeAge === 'string' ? secondsOf(purgeAge) : null,
      file: await this.ownFile(serverFile),
    };
  }

  async definitions(kind: DefinitionKind): Promise<DefinitionSummary[]> {
    const [configuration, known] = await Promise.all([this.reader.read(), this.changes.known()]);
    const users = usersOf(configuration, kind);
    const layers = new Map(configuration.files.map(({ path, layer }) => [path, layer]));
    return configuration[kind].map(({ name, files, problems }) => ({
      name,
      // Includes come before a file of its own name.
      layer: layers.get(files.find((path) => path.endsWith(`/${name}.conf`)) ?? files.at(-1) ?? '') ?? 'stock',
      isOurs: known.isOwned(ownPath(kind, name)),
      usedBy: users.get(name) ?? [],
      problems: problems.length,
    }));
  }

  /** One filter or action. @throws {ConfigurationUnknown} */
  async definition(kind: DefinitionKind, name: string): Promise<DefinitionDetail> {
    const [configuration, known] = await Promise.all([this.reader.read(), this.changes.known()]);
    const found = configuration[kind].find((one) => one.name === name);
    if (!found) throw new ConfigurationUnknown(`${kind === 'filters' ? 'filter' : 'action'} ${name.slice(0, 100)}`);
    return {
      ...detailOf(found),
      files: found.files.map((path) => this.fileText(configuration, known, path)),
      usedBy: usersOf(configuration, kind).get(name) ?? [],
      file: await this.ownFile(ownPath(kind, name)),
    };
  }

  /** One file. @throws {ConfigurationUnknown} */
  async file(path: string): Promise<ConfigurationFileText> {
    const [configuration, known] = await Promise.all([this.reader.read(), this.changes.known()]);
    return this.fileText(configuration, known, path);
  }

  private fileText(configuration: Configuration, known: KnownFiles, path: string): ConfigurationFileText {
    const file = configuration.files.find((one) => one.path === path);
    if (!file) throw new ConfigurationUnknown(`file ${path.slice(0, 200)}`);
    return { ...fileView(file, known), text: file.text, etag: etagOf(file.text) };
  }

  private async ownFile(path: string): Promise<OwnFile> {
    const { files } = await this.reader.read();
    const text = files.find((file) => file.path === path)?.text ?? null;
    return { path, text, etag: etagOf(text) };
  }

  private standing({ name, isEnabled, definedIn }: JailConfiguration) {
    return {
      name,
      isEnabled,
      isRunning: this.server.jails.has(name),
      isOurs: definedIn.every(({ layer }) => layer === 'ours'),
    };
  }
}

/** A duration in seconds; null when it is no plain one: fail2ban itself evaluates such texts as Python. */
function secondsOf(text: string): number | null {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof BadArgument) return null;
    throw error;
  }
}

function ownPath(kind: DefinitionKind, name: string): string {
  return `${kind === 'filters' ? 'filter.d' : 'action.d'}/${name}.local`;
}

function fileView(
  { path, layer, bytes, problems }: Configuration['files'][number],
  known: KnownFiles,
): ConfigurationFileView {
  const owner: FileOwner = known.isOwned(path) ? 'ours' : layer === 'stock' || layer === 'stock-d' ? 'stock' : 'person';
  return {
    ...{ path, layer, owner, bytes },
    isAdoptable: owner === 'person' && isWritablePath(path),
    problems: problems.map(({ line, message }) => ({ line, message })),
  };
}

function originOf({ file, line, layer, section }: Origin): ValueOrigin {
  return { file, line, layer, section };
}

function optionView({ name, raw, origin, value, overridden, problem }: EffectiveOption): ConfigurationOption {
  return {
    ...{ name, raw, value, problem },
    origin: origin && originOf(origin),
    overridden: overridden.map((one) => ({ raw: one.raw, origin: one.origin && originOf(one.origin) })),
  };
}

function used({ name, parameters, exists, problem }: JailConfiguration['actions'][number]): UsedDefinition {
  return { name, parameters: Object.fromEntries(parameters), exists, problem };
}

function detailOf({ name, definition, init, problems }: DefinitionConfiguration) {
  return {
    name,
    definition: [...definition.values()].map(optionView),
    init: [...init.values()].map(optionView),
    problems: problems.map((problem) => ({ ...problem, origin: problem.origin && originOf(problem.origin) })),
  };
}

/** Enabled jails by the filter or action they use. */
function usersOf({ jails }: Configuration, kind: DefinitionKind): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { name, isEnabled, filter, actions } of jails) {
    if (!isEnabled) continue;
    const uses = kind === 'filters' ? (filter ? [filter] : []) : actions;
    for (const use of new Set(uses.map((one) => one.name))) {
      const list = users.get(use);
      if (list) list.push(name);
      else users.set(use, [name]);
    }
  }
  return users;
}
