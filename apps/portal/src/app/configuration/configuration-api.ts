import { httpResource, type HttpResourceRef } from '@angular/common/http';
import { ApplicationRef, effect, inject, Service, untracked } from '@angular/core';
import { firstValueFrom, timer } from 'rxjs';
import { ConfigurationState } from '../api/configuration-state';
import { Api } from '../api/generated/api';
import { changesAdopt } from '../api/generated/fn/changes/changes-adopt';
import { changesApply } from '../api/generated/fn/changes/changes-apply';
import { changesCheck } from '../api/generated/fn/changes/changes-check';
import { changesCheckRestore } from '../api/generated/fn/changes/changes-check-restore';
import { changesResolve } from '../api/generated/fn/changes/changes-resolve';
import { changesRestore } from '../api/generated/fn/changes/changes-restore';
import { changesVersion } from '../api/generated/fn/changes/changes-version';
import { changesVersions } from '../api/generated/fn/changes/changes-versions';
import { configurationAction } from '../api/generated/fn/configuration/configuration-action';
import { configurationActions } from '../api/generated/fn/configuration/configuration-actions';
import { configurationFile } from '../api/generated/fn/configuration/configuration-file';
import { configurationFilter } from '../api/generated/fn/configuration/configuration-filter';
import { configurationFilters } from '../api/generated/fn/configuration/configuration-filters';
import { configurationJail } from '../api/generated/fn/configuration/configuration-jail';
import { configurationJails } from '../api/generated/fn/configuration/configuration-jails';
import { configurationServer } from '../api/generated/fn/configuration/configuration-server';
import {
  type Adoption,
  type ChangeCheck,
  type ChangeReason,
  type ConfigurationChange,
  type ConfigurationEdits,
  type ConfigurationFileText,
  type ConfigurationVersion,
  type ConfigurationVersionDetail,
  type ConfiguredJailDetail,
  type ConfiguredJailList,
  type ConfiguredServer,
  type DefinitionDetail,
  type DefinitionList,
  type Operation,
  type Resolution,
  type VersionPage,
} from '../api/generated/models';
import { type KeysetList, keysetList } from '../api/keyset-list';
import { LiveValue } from '../api/live-value';
import { Operations } from '../api/operations';

/** What is read again after a change holds up the news of it for this long at most, milliseconds. */
const FRESH_WITHIN_MS = 5000;

/** What stands in `filter.d`, or in `action.d`. */
export type DefinitionKind = 'filters' | 'actions';

const LISTS = { filters: configurationFilters.PATH, actions: configurationActions.PATH } as const;
const DETAILS = { filters: configurationFilter.PATH, actions: configurationAction.PATH } as const;

/**
 * What the API says about fail2ban's configuration, and the requests that change it. Resources read again by themselves
 * whenever somebody has changed the configuration; those that give one need an injection context.
 */
@Service()
export class ConfigurationApi {
  private readonly api = inject(Api);
  private readonly app = inject(ApplicationRef);
  private readonly operations = inject(Operations);
  private readonly state = inject(ConfigurationState);

  /** Every jail, enabled or not. */
  jails(): HttpResourceRef<ConfiguredJailList | undefined> {
    return this.fresh(httpResource<ConfiguredJailList>(() => configurationJails.PATH));
  }

  /** Everything the configuration says of a jail; of all jails for `DEFAULT`. */
  jail(name: () => string): HttpResourceRef<ConfiguredJailDetail | undefined> {
    return this.fresh(httpResource<ConfiguredJailDetail>(() => named(configurationJail.PATH, name())));
  }

  /** What the configuration says of fail2ban as a whole. */
  server(): HttpResourceRef<ConfiguredServer | undefined> {
    return this.fresh(httpResource<ConfiguredServer>(() => configurationServer.PATH));
  }

  /** A jail as it is now. */
  readJail(name: string): Promise<ConfiguredJailDetail> {
    return this.api.invoke(configurationJail, { name });
  }

  /** Every filter, or every action. */
  definitions(kind: () => DefinitionKind): HttpResourceRef<DefinitionList | undefined> {
    return this.fresh(httpResource<DefinitionList>(() => LISTS[kind()]));
  }

  /** Everything the configuration says of a filter or an action; nothing is read while the name is empty. */
  definition(kind: () => DefinitionKind, name: () => string): HttpResourceRef<DefinitionDetail | undefined> {
    return this.fresh(
      httpResource<DefinitionDetail>(() => (name() === '' ? undefined : named(DETAILS[kind()], name()))),
    );
  }

  /** A file with its text; nothing is read while the path is empty. */
  file(path: () => string): HttpResourceRef<ConfigurationFileText | undefined> {
    return this.fresh(
      httpResource<ConfigurationFileText>(() => {
        const wanted = path();
        return wanted === '' ? undefined : { url: configurationFile.PATH, params: { path: wanted } };
      }),
    );
  }

  /** A file as it is now. */
  readFile(path: string): Promise<ConfigurationFileText> {
    return this.api.invoke(configurationFile, { path });
  }

  /** Every version, newest first. */
  versions(): KeysetList<ConfigurationVersion, VersionPage> {
    const list = keysetList<ConfigurationVersion, VersionPage>(
      () => changesVersions.PATH,
      () => ({}),
    );
    this.onChange(() => list.refresh());
    return list;
  }

  /** A version with what it changed. */
  version(number: () => number): HttpResourceRef<ConfigurationVersionDetail | undefined> {
    return httpResource<ConfigurationVersionDetail>(() =>
      changesVersion.PATH.replace('{number}', encodeURIComponent(String(number()))),
    );
  }

  /** What a change would do; nothing is written. */
  check(edits: ConfigurationEdits): Promise<ChangeCheck> {
    return this.api.invoke(changesCheck, { body: edits });
  }

  /** Makes a change. */
  apply(body: ConfigurationChange): Promise<Operation> {
    return this.change(this.api.invoke(changesApply, { body }));
  }

  /** What going back to a version would do; nothing is written. */
  checkRestore(number: number): Promise<ChangeCheck> {
    return this.api.invoke(changesCheckRestore, { number });
  }

  /** Brings back the files as they were in a version; 0 is before the first. */
  restore(number: number, body: ChangeReason): Promise<Operation> {
    return this.change(this.api.invoke(changesRestore, { number, body }));
  }

  /** Hands a person's file over to BanGUI. */
  adopt(body: Adoption): Promise<Operation> {
    return this.change(this.api.invoke(changesAdopt, { body }));
  }

  /** Ends an interrupted change that could not be undone. */
  async resolve(how: Resolution['how']): Promise<void> {
    try {
      await this.api.invoke(changesResolve, { body: { how } });
    } finally {
      this.state.noteChange();
    }
  }

  private async change(request: Promise<Operation>): Promise<Operation> {
    try {
      return await this.operations.run(request, $localize`Changing the configuration…`);
    } finally {
      this.state.noteChange();
      // Whoever is told what came of it may go on at once: by then what is shown is what there is after the change.
      await Promise.race([this.app.whenStable(), firstValueFrom(timer(FRESH_WITHIN_MS))]);
    }
  }

  private fresh<T extends object>(resource: HttpResourceRef<T | undefined>): HttpResourceRef<T | undefined> {
    const live = new LiveValue(resource);
    this.onChange(() => live.reload());
    return resource;
  }

  private onChange(read: () => void): void {
    let seen = untracked(this.state.revision);
    effect(() => {
      const now = this.state.revision();
      if (now === seen) return;
      seen = now;
      untracked(read);
    });
  }
}

function named(path: string, name: string): string {
  return path.replace('{name}', encodeURIComponent(name));
}
