/** What an audit action is called for people; an unknown one stays as the API names it. */
export function actionWords(action: string): string {
  const words: Readonly<Record<string, string>> = {
    'setup.complete': $localize`set BanGUI up`,
    'session.create': $localize`signed in`,
    'auth.login': $localize`signed in`,
    'auth.logout': $localize`signed out`,
    'auth.password': $localize`changed the password`,
    'session.end': $localize`ended a session`,
    'administrator.create': $localize`added an administrator`,
    'administrator.delete': $localize`removed an administrator`,
    'ban.create': $localize`banned`,
    'ban.delete': $localize`unbanned`,
    'jail.start': $localize`started the jail`,
    'jail.stop': $localize`stopped the jail`,
    'jail.idle': $localize`set the jail idle`,
    'jail.reload': $localize`reloaded the jail`,
    'jail.prove': $localize`proved the jail`,
    'jail.reload-all': $localize`reloaded all jails`,
    'jail.parameters': $localize`changed the running jail`,
    'jail.ignore': $localize`added to the ignore list`,
    'jail.unignore': $localize`took from the ignore list`,
  };
  return words[action] ?? action;
}
