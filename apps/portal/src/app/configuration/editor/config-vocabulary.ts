/** What kind of file is edited. */
export type ConfigKind = 'jail' | 'filter' | 'action';

/** Names that the configuration has. */
export interface ConfigNames {
  readonly filters: readonly string[];
  readonly actions: readonly string[];
}

/** Options by kind: of `_configOpts` in fail2ban's filterreader.py, actionreader.py and jailreader.py, and those its own files share. */
export const OPTIONS: Readonly<Record<ConfigKind, readonly string[]>> = {
  filter: [
    'failregex',
    'ignoreregex',
    'prefregex',
    'datepattern',
    'journalmatch',
    'maxlines',
    'usedns',
    'logtype',
    'mode',
    '_daemon',
  ],
  action: [
    'actionstart',
    'actionstart_on_demand',
    'actionstop',
    'actionflush',
    'actionreload',
    'actioncheck',
    'actionrepair',
    'actionrepair_on_unban',
    'actionban',
    'actionprolong',
    'actionreban',
    'actionunban',
    'norestored',
    'timeout',
    'name',
  ],
  jail: [
    'enabled',
    'filter',
    'mode',
    'backend',
    'logpath',
    'logencoding',
    'logtimezone',
    'journalmatch',
    'maxretry',
    'maxmatches',
    'findtime',
    'bantime',
    'bantime.increment',
    'bantime.factor',
    'bantime.formula',
    'bantime.multipliers',
    'bantime.maxtime',
    'bantime.rndtime',
    'bantime.overalljails',
    'ignoreself',
    'ignoreip',
    'ignorecommand',
    'ignorecache',
    'usedns',
    'action',
    'banaction',
    'banaction_allports',
    'port',
    'protocol',
    'chain',
  ],
};

/** Sections by kind. */
export const SECTIONS: Readonly<Record<ConfigKind, readonly string[]>> = {
  filter: ['INCLUDES', 'DEFAULT', 'Definition', 'Init'],
  action: ['INCLUDES', 'DEFAULT', 'Definition', 'Init', 'Init?family=inet6'],
  jail: ['INCLUDES', 'DEFAULT'],
};

/** What `[INCLUDES]` takes (configparserinc.py). */
export const INCLUDES = ['before', 'after'] as const;

/** Tags of a filter's regular expressions (server/failregex.py, server/filter.py). */
const FILTER_TAGS = [
  '<HOST>',
  '<ADDR>',
  '<IP4>',
  '<IP6>',
  '<CIDR>',
  '<SUBNET>',
  '<DNS>',
  '<SKIPLINES>',
  '<F-ID>',
  '<F-USER>',
  '<F-ALT_USER>',
  '<F-PORT>',
  '<F-CONTENT>',
  '<F-MLFID>',
  '<F-MLFFORGET>',
  '<F-MLFGAINED>',
  '<F-NOFAIL>',
];

/** Tags of an action's commands (server/action.py, server/actions.py). */
const ACTION_TAGS = [
  '<ip>',
  '<family>',
  '<ip-rev>',
  '<ip-host>',
  '<fid>',
  '<name>',
  '<actname>',
  '<port>',
  '<protocol>',
  '<chain>',
  '<blocktype>',
  '<bantime>',
  '<bancount>',
  '<restored>',
  '<failures>',
  '<time>',
  '<matches>',
  '<ipmatches>',
  '<ipjailmatches>',
  '<ipfailures>',
  '<ipjailfailures>',
  '<jail.banned>',
  '<jail.banned_total>',
  '<jail.found>',
  '<jail.found_total>',
  '<F-USER>',
  '<fq-hostname>',
  '<sh-hostname>',
  '<br>',
];

/** Tags by kind. */
export const TAGS: Readonly<Record<ConfigKind, readonly string[]>> = {
  filter: FILTER_TAGS,
  action: ACTION_TAGS,
  jail: FILTER_TAGS,
};

const BOOLEAN = ['true', 'false'];

/** Values that an option may have; undefined when that cannot be listed. */
export function valuesOf(option: string, names: ConfigNames): readonly string[] | undefined {
  switch (option) {
    case 'filter':
      return names.filters;
    case 'action':
    case 'banaction':
    case 'banaction_allports':
      return names.actions;
    case 'backend':
      return ['auto', 'systemd', 'polling', 'pyinotify'];
    case 'usedns':
      return ['yes', 'warn', 'no', 'raw'];
    case 'logtype':
      return ['file', 'journal', 'short', 'rfc5424'];
    case 'enabled':
    case 'bantime.increment':
    case 'bantime.overalljails':
    case 'ignoreself':
    case 'actionstart_on_demand':
    case 'actionrepair_on_unban':
    case 'norestored':
      return BOOLEAN;
    default:
      return undefined;
  }
}
