/** How a value is typed and checked. */
export type FieldKind = 'text' | 'lines' | 'yes-no' | 'number' | 'duration' | 'addresses' | 'backend';

/** An option of a jail that has a place of its own in the form. */
export interface JailField {
  /** fail2ban's name. */
  readonly option: string;
  readonly label: string;
  readonly help: string;
  readonly kind: FieldKind;
}

/** Options that belong together. */
export interface JailFieldGroup {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly JailField[];
}

/** Values of `backend`, as fail2ban's jail knows them (server/jail.py). */
export const BACKENDS = ['auto', 'systemd', 'polling', 'pyinotify'] as const;

/** The form of a jail, group by group. */
export const JAIL_FIELD_GROUPS: readonly JailFieldGroup[] = [
  {
    id: 'general',
    title: $localize`General`,
    fields: [
      {
        option: 'enabled',
        label: $localize`Enabled`,
        help: $localize`Whether fail2ban runs this jail.`,
        kind: 'yes-no',
      },
      {
        option: 'filter',
        label: $localize`Filter`,
        help: $localize`Which lines count as failures: the name of a filter, with parameters in brackets if it takes any.`,
        kind: 'text',
      },
      {
        option: 'port',
        label: $localize`Ports`,
        help: $localize`Which ports are closed to who is banned: names or numbers with commas, or 0:65535 for all.`,
        kind: 'text',
      },
    ],
  },
  {
    id: 'detection',
    title: $localize`Detection`,
    fields: [
      {
        option: 'maxretry',
        label: $localize`Tries`,
        help: $localize`So many failures lead to a ban.`,
        kind: 'number',
      },
      {
        option: 'findtime',
        label: $localize`Within`,
        help: $localize`Only failures that are younger count. Seconds, or like 10m, 1h 30m.`,
        kind: 'duration',
      },
      {
        option: 'maxmatches',
        label: $localize`Lines kept`,
        help: $localize`So many matched lines are kept for each address.`,
        kind: 'number',
      },
      {
        option: 'usedns',
        label: $localize`Host names`,
        help: $localize`What to do about names in logs: yes looks them up, warn does so and complains, no ignores them, raw leaves them to the action.`,
        kind: 'text',
      },
      {
        option: 'failregex',
        label: $localize`Further failures`,
        help: $localize`Regular expressions, one in a line, in place of those of the filter.`,
        kind: 'lines',
      },
      {
        option: 'ignoreregex',
        label: $localize`Exceptions`,
        help: $localize`Lines that match one of these never count, one expression in a line.`,
        kind: 'lines',
      },
    ],
  },
  {
    id: 'times',
    title: $localize`Ban times`,
    fields: [
      {
        option: 'bantime',
        label: $localize`Ban for`,
        help: $localize`Seconds, or like 10m, 1h 30m, 1w; -1 is permanent.`,
        kind: 'duration',
      },
      {
        option: 'bantime.increment',
        label: $localize`Longer each time`,
        help: $localize`Whether an address that comes back is banned for longer than before. The times below are only used then.`,
        kind: 'yes-no',
      },
      {
        option: 'bantime.factor',
        label: $localize`Factor`,
        help: $localize`The computed time is multiplied by this.`,
        kind: 'text',
      },
      {
        option: 'bantime.multipliers',
        label: $localize`Multipliers`,
        help: $localize`Numbers with spaces: the first ban takes the first of them, the next one the second, and so on.`,
        kind: 'text',
      },
      {
        option: 'bantime.formula',
        label: $localize`Formula`,
        help: $localize`A Python expression for the next time, when there are no multipliers.`,
        kind: 'text',
      },
      {
        option: 'bantime.maxtime',
        label: $localize`At most`,
        help: $localize`No ban is longer than this.`,
        kind: 'duration',
      },
      {
        option: 'bantime.rndtime',
        label: $localize`Random addition`,
        help: $localize`Up to so much is added by chance, so that nobody can wait for the end of a ban to the second.`,
        kind: 'duration',
      },
      {
        option: 'bantime.overalljails',
        label: $localize`Count over all jails`,
        help: $localize`Whether bans by other jails count for the next time as well.`,
        kind: 'yes-no',
      },
    ],
  },
  {
    id: 'ignored',
    title: $localize`Ignored addresses`,
    fields: [
      {
        option: 'ignoreself',
        label: $localize`Ignore this server`,
        help: $localize`Whether the server's own addresses are never banned.`,
        kind: 'yes-no',
      },
      {
        option: 'ignoreip',
        label: $localize`Never ban`,
        help: $localize`Addresses, networks and host names, with spaces or one in a line.`,
        kind: 'addresses',
      },
      {
        option: 'ignorecommand',
        label: $localize`Ask a program`,
        help: $localize`A command that is run as root for each address; it is spared when the command succeeds.`,
        kind: 'text',
      },
      {
        option: 'ignorecache',
        label: $localize`Remember the answers`,
        help: $localize`How long and for how many addresses the program's answers hold, for example key="<ip>", max-count=100, max-time=5m.`,
        kind: 'text',
      },
    ],
  },
  {
    id: 'source',
    title: $localize`Log source`,
    fields: [
      {
        option: 'backend',
        label: $localize`Backend`,
        help: $localize`How logs are followed: systemd reads the journal, the others read files.`,
        kind: 'backend',
      },
      {
        option: 'logpath',
        label: $localize`Log files`,
        help: $localize`One path in a line; * and ? stand for several files. Not used with systemd.`,
        kind: 'lines',
      },
      {
        option: 'journalmatch',
        label: $localize`Journal entries`,
        help: $localize`Which entries of the journal are read, for example _SYSTEMD_UNIT=sshd.service. Only used with systemd.`,
        kind: 'lines',
      },
      {
        option: 'logencoding',
        label: $localize`Encoding`,
        help: $localize`Of the log files: auto, utf-8, latin1 and so on.`,
        kind: 'text',
      },
      {
        option: 'logtimezone',
        label: $localize`Time zone`,
        help: $localize`Of times in the log that name none, for example UTC or UTC+0200.`,
        kind: 'text',
      },
    ],
  },
  {
    id: 'actions',
    title: $localize`Actions`,
    fields: [
      {
        option: 'action',
        label: $localize`Actions`,
        help: $localize`What is run as root to ban and unban: one action in a line, with parameters in brackets.`,
        kind: 'lines',
      },
      {
        option: 'banaction',
        label: $localize`Ban action`,
        help: $localize`What the usual actions use to close single ports.`,
        kind: 'text',
      },
      {
        option: 'banaction_allports',
        label: $localize`Ban action for all ports`,
        help: $localize`What the usual actions use to close everything.`,
        kind: 'text',
      },
    ],
  },
];

const PLACED: ReadonlySet<string> = new Set(
  JAIL_FIELD_GROUPS.flatMap(({ fields }) => fields.map(({ option }) => option)),
);

/** Whether the option has a place of its own in the form. */
export function isPlaced(option: string): boolean {
  return PLACED.has(option);
}
