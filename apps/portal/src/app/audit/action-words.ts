/** What an audit action is called for people; an unknown one stays as the API names it. */
export function actionWords(action: string): string {
  const words: Readonly<Record<string, string>> = {
    'session.create': $localize`signed in`,
    'password.change': $localize`changed the password`,
    'session.delete': $localize`ended a session`,
    'administrator.create': $localize`added an administrator`,
    'administrator.delete': $localize`removed an administrator`,
    'ban.create': $localize`banned`,
    'ban.delete': $localize`lifted bans`,
    'ban.delete-all': $localize`lifted all bans`,
    'jail.start': $localize`started the jail`,
    'jail.stop': $localize`stopped the jail`,
    'jail.idle': $localize`set the jail idle`,
    'jail.reload': $localize`reloaded the jail`,
    'jail.prove': $localize`proved the jail`,
    'server.reload': $localize`reloaded all jails`,
    'jail.parameters': $localize`changed the running jail`,
    'jail.ignore': $localize`added to the ignore list`,
    'allowlist.create': $localize`added to the allowlist`,
    'allowlist.update': $localize`changed the allowlist`,
    'allowlist.delete': $localize`took from the allowlist`,
    'allowlist.expire': $localize`cleaned up the allowlist`,
    'token.create': $localize`made an API token`,
    'token.delete': $localize`revoked an API token`,
    'plugin.rescan': $localize`looked for plugins again`,
    'jail.unignore': $localize`took from the ignore list`,
    'task.run': $localize`asked for a run of the task`,
    'task.change': $localize`changed the task`,
  };
  return words[action] ?? action;
}
