import { httpResource, type HttpResourceRef } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { administratorsAdd } from '../api/generated/fn/administrators/administrators-add';
import { administratorsList } from '../api/generated/fn/administrators/administrators-list';
import { administratorsRemove } from '../api/generated/fn/administrators/administrators-remove';
import { authChangePassword } from '../api/generated/fn/auth/auth-change-password';
import { authEndSession } from '../api/generated/fn/auth/auth-end-session';
import { authSessions } from '../api/generated/fn/auth/auth-sessions';
import { type Administrator, type AdministratorList, type OpenSessionList } from '../api/generated/models';

/** What the API says about people and their sessions. Who is signed in here is SessionState's. */
@Service()
export class AuthApi {
  private readonly api = inject(Api);

  /** The sessions of the person who asks. Needs an injection context. */
  sessions(): HttpResourceRef<OpenSessionList | undefined> {
    return httpResource<OpenSessionList>(() => authSessions.PATH);
  }

  /** Everybody who may sign in. Needs an injection context. */
  administrators(): HttpResourceRef<AdministratorList | undefined> {
    return httpResource<AdministratorList>(() => administratorsList.PATH);
  }

  endSession(id: string): Promise<void> {
    return this.api.invoke(authEndSession, { id });
  }

  /** Ends the other sessions of this person too. */
  changePassword(currentPassword: string, newPassword: string): Promise<void> {
    return this.api.invoke(authChangePassword, { body: { currentPassword, newPassword } });
  }

  addAdministrator(username: string, password: string): Promise<Administrator> {
    return this.api.invoke(administratorsAdd, { body: { username, password } });
  }

  removeAdministrator(id: string): Promise<void> {
    return this.api.invoke(administratorsRemove, { id });
  }
}
