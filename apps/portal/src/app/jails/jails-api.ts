import { httpResource, type HttpResourceRef } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { jailsAddIgnored } from '../api/generated/fn/jails/jails-add-ignored';
import { jailsChangeParameters } from '../api/generated/fn/jails/jails-change-parameters';
import { jailsDetail } from '../api/generated/fn/jails/jails-detail';
import { jailsIdle } from '../api/generated/fn/jails/jails-idle';
import { jailsProve } from '../api/generated/fn/jails/jails-prove';
import { jailsReload } from '../api/generated/fn/jails/jails-reload';
import { jailsReloadAll } from '../api/generated/fn/jails/jails-reload-all';
import { jailsRemoveIgnored } from '../api/generated/fn/jails/jails-remove-ignored';
import { jailsStart } from '../api/generated/fn/jails/jails-start';
import { jailsStop } from '../api/generated/fn/jails/jails-stop';
import { type JailDetail, type JailParametersChange, type Operation } from '../api/generated/models';
import { Operations } from '../api/operations';

const COMMANDS = {
  start: jailsStart,
  stop: jailsStop,
  idle: jailsIdle,
  reload: jailsReload,
  prove: jailsProve,
} as const;

/** What can be done to a jail as a whole. */
export type JailCommand = keyof typeof COMMANDS;

/** What the API says about single jails. The list of all of them is JailsState's. */
@Service()
export class JailsApi {
  private readonly api = inject(Api);
  private readonly operations = inject(Operations);

  /** Everything about one jail; nothing is read while the name is empty. Needs an injection context. */
  detail(name: () => string): HttpResourceRef<JailDetail | undefined> {
    return httpResource<JailDetail>(() => {
      const wanted = name();
      return wanted === '' ? undefined : jailsDetail.PATH.replace('{name}', encodeURIComponent(wanted));
    });
  }

  command(name: string, command: JailCommand): Promise<Operation> {
    return this.operations.run(this.api.invoke(COMMANDS[command], { name }), $localize`Working on ${name}:jail:…`);
  }

  /** Reads the configuration anew and gives it to fail2ban, for every jail. */
  reloadAll(): Promise<Operation> {
    return this.operations.run(this.api.invoke(jailsReloadAll), $localize`Reloading all jails…`);
  }

  /** Changes the running jail; lost with its next reload. */
  changeParameters(name: string, body: JailParametersChange): Promise<JailDetail> {
    return this.api.invoke(jailsChangeParameters, { name, body });
  }

  /** Adds to the running jail's ignore list; lost with its next reload. */
  ignore(name: string, address: string): Promise<JailDetail> {
    return this.api.invoke(jailsAddIgnored, { name, body: { address } });
  }

  /** Takes from the running jail's ignore list; lost with its next reload. */
  stopIgnoring(name: string, address: string): Promise<JailDetail> {
    return this.api.invoke(jailsRemoveIgnored, { name, address });
  }
}
