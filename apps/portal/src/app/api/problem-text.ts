import { fieldText } from './field-text';
import { type Problem } from './problem';

/** The sentence a person reads for a failed request. Switches on the code; the API's own words stand in where we have none. */
export function problemText(problem: Problem): string {
  switch (problem.code) {
    case 'unreachable':
      return $localize`BanGUI does not answer. Check that its process is running and that this computer reaches it.`;
    case 'fail2ban-offline':
      return $localize`fail2ban is offline. Start it, then try again.`;
    case 'fail2ban-timeout':
      return $localize`fail2ban did not answer in time. It may be busy: try again in a moment.`;
    case 'fail2ban-refused':
      return withDetail($localize`fail2ban refused.`, problem);
    case 'jail-unknown':
      return $localize`There is no jail of this name.`;
    case 'credentials-wrong':
      return $localize`That did not match. Check user and password, then try again.`;
    case 'setup-code-wrong':
      return $localize`That is not the one-time code. It is in BanGUI's log and in the file setup-code beside its database.`;
    case 'setup-done':
      return $localize`An administrator exists already. Sign in instead.`;
    case 'not-signed-in':
      return $localize`Your session has ended. Sign in again.`;
    case 'lockout-guard':
      return withDetail(
        $localize`Nothing was banned: this would lock out you, this server or somebody on the allowlist.`,
        problem,
      );
    case 'address-invalid':
      return $localize`Something in the list is not an address or a network.`;
    case 'current-password-wrong':
      return $localize`The present password is not right.`;
    case 'password-refused':
      return $localize`This password is too easy to guess. Choose another one.`;
    case 'username-taken':
      return $localize`There is a user of this name already.`;
    case 'last-administrator':
      return $localize`The last administrator cannot be removed.`;
    case 'own-account':
      return $localize`You cannot remove yourself.`;
    case 'jail-not-configured':
      return $localize`The configuration does not enable this jail, so it cannot be started.`;
    case 'configuration-unreadable':
      return withDetail($localize`fail2ban's configuration could not be read, so nothing was sent.`, problem);
    case 'too-many-operations':
      return $localize`fail2ban is busy with other work. Try again when it is done.`;
    case 'configuration-broken':
      return withDetail($localize`The configuration has errors, so nothing was sent to fail2ban.`, problem);
    case 'configuration-busy':
      return $localize`Somebody else is changing the configuration at this moment. Try again when that is done.`;
    case 'configuration-stuck':
      return $localize`An interrupted change has to be put right first. The configuration's pages say what can be done.`;
    case 'configuration-outdated':
      return $localize`Somebody else changed this meanwhile. Nothing was overwritten.`;
    case 'configuration-unknown':
      return $localize`The configuration has nothing of this name.`;
    case 'configuration-unwritable':
      return withDetail($localize`The files cannot be written, so nothing was changed.`, problem);
    case 'path-not-ours':
      return $localize`BanGUI does not write this file or name: what comes with fail2ban stays as it is, and other files are yours until you hand them over.`;
    case 'jail-name-unwritable':
      return $localize`No jail can have this name.`;
    case 'change-refused':
      return withDetail($localize`fail2ban would not take this change. Nothing was written.`, problem);
    case 'change-undone':
      return withDetail(
        $localize`The change was made and undone again: fail2ban did not become what it means.`,
        problem,
      );
    case 'nothing-to-change':
      return $localize`Everything is like that already.`;
    case 'password-needed':
      return $localize`This changes commands that fail2ban runs as root, so it needs your password.`;
    case 'allowlist-unreadable':
      return $localize`The allowlist cannot be read, so nothing was banned: it is not known who must be spared.`;
    case 'allowlist-refused':
      return withDetail($localize`This cannot be put on the allowlist.`, problem);
    case 'already-allowlisted':
      return withDetail($localize`Nothing was added.`, problem);
    case 'allowlist-entry-unknown':
      return $localize`This entry is no longer on the allowlist.`;
    case 'allowlist-full':
      return $localize`The allowlist is full. Remove some entries first, or use networks.`;
    case 'too-many-pushed':
      return $localize`Jails can ignore at most 500 entries. Let some be spared by BanGUI alone.`;
    case 'token-unknown':
      return $localize`This token was revoked already.`;
    case 'plugin-unknown':
      return $localize`There is no such plugin any more.`;
    case 'blocklist-unknown':
      return $localize`This blocklist is gone.`;
    case 'import-run-unknown':
      return $localize`This import is not kept any more.`;
    case 'settings-refused':
      return withDetail($localize`The source does not accept these settings.`, problem);
    case 'too-many-blocklists':
      return $localize`There are too many blocklists. Delete those that are no longer used.`;
    case 'nothing-held':
      return $localize`Nothing is held back of this list any more.`;
    case 'nobody-imports':
      return $localize`No instance imports lists now. Look at the tasks.`;
    case 'preview-too-slow':
      return $localize`The list took too long for a preview. An import has more time.`;
    case 'too-many-to-compare':
      return $localize`There are too many lists to compare.`;
    case 'nothing-to-confirm':
      return $localize`Nothing is on trial any more.`;
    case 'token-expiry-past':
      return $localize`The token would have expired already. Choose a later time.`;
    case 'too-many-tokens':
      return $localize`There are too many tokens. Revoke those that are no longer used.`;
    case 'task-unknown':
      return $localize`There is no task of this name.`;
    case 'task-running':
      return $localize`This task is running already.`;
    case 'task-continuous':
      return $localize`This task runs all the time; it can only be paused.`;
    case 'cron-invalid':
      return $localize`The cron expression names no time: it has five fields, in UTC.`;
    case 'restart-not-possible':
      return $localize`BanGUI was given no way to restart fail2ban. Restart it where it runs.`;
    case 'restart-failed':
      return withDetail($localize`The restart failed.`, problem);
    case 'regex-refused':
      return withWords($localize`fail2ban cannot use this.`, problem);
    case 'regex-too-slow':
      return $localize`The run took too long and was ended: a regular expression tries too many ways to match one of the lines. fail2ban would stand still on it, too.`;
    case 'regex-too-large':
      return $localize`The run needed too much memory and was ended.`;
    case 'regex-lab-busy':
      return $localize`Other runs are going on. Try again in a moment.`;
    case 'regex-lab-unavailable':
      return $localize`fail2ban's own programs cannot be run here.`;
    case 'log-not-watched':
      return $localize`No jail reads this log. Only logs that a jail reads can be looked at.`;
    case 'log-unreadable':
      return $localize`BanGUI cannot read this log. Check that the file is there and that BanGUI may read it.`;
    case 'invalid-request':
    case 'parameter-invalid':
      return withDetail($localize`The request was not accepted.`, problem);
    default:
      return problem.detail === ''
        ? $localize`This did not work: the API answered ${problem.status}:status:.`
        : problem.detail;
  }
}

/** With words that are fail2ban's or Python's and so have no translation. Lists count from one. */
function withWords(sentence: string, problem: Problem): string {
  const words = problem.errors.map(({ field, message }) => {
    const [part = field, index] = field.split('.');
    return `${index === undefined ? part : `${part} ${String(Number(index) + 1)}`}: ${message}`;
  });
  return [sentence, ...words.slice(0, 3)].join(' ');
}

function withDetail(sentence: string, problem: Problem): string {
  const details = problem.errors.map((error) => `${error.value ?? error.field}: ${fieldText(error)}`);
  return [sentence, ...(details.length > 0 ? details.slice(0, 3) : [problem.detail])].join(' ');
}
