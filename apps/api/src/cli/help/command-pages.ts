/** What `bangui help` knows of a command. */
export interface CommandPage {
  readonly name: string;
  readonly summary: string;
  /** Each way to use it. */
  readonly usage: readonly string[];
  /** Lines of at most 100 characters. */
  readonly description: readonly string[];
  /** What the words after the command and its own are, where that can be completed. */
  readonly words?: 'file' | readonly string[];
  readonly options: readonly CommandOption[];
  /** Exit statuses beside 64 and 78. */
  readonly exits: readonly string[];
  /** Files that it reads or writes beside those that are named to it. */
  readonly files?: readonly string[];
  /** Commands as they are typed. */
  readonly examples: readonly string[];
}

/** An option of a command. */
export interface CommandOption {
  readonly option: string;
  readonly about: string;
  /** What follows it: these words, or the path of a file. Absent when nothing follows, or anything. */
  readonly value?: readonly string[] | 'file';
}

const json = {
  option: '--json',
  about: 'Print one JSON document to standard output, and nothing else there.',
} as const;

/** Every command, in the order in which they are shown. */
export const commandPages: readonly CommandPage[] = [
  {
    name: 'setup',
    summary: 'makes the first administrator',
    usage: ['bangui setup <username> [--stdin] [--json]'],
    description: [
      'Makes the administrator who makes all others, while there is none. Without --stdin the password is made up and',
      'shown once. Before the first start it makes the database as well. One-time codes for the browser are worthless then.',
    ],
    options: [
      { option: '--stdin', about: 'Take the password, 12 to 256 characters, from the first line of standard input.' },
      json,
    ],
    exits: ['0   made', '1   there is an administrator already, or the name or password is not allowed'],
    files: ['BANGUI_DATABASE_PATH, or the database of BANGUI_DATABASE_URL'],
    examples: ['bangui setup anna', 'printf \'%s\\n\' "$NEW_PASSWORD" | bangui setup anna --stdin'],
  },
  {
    name: 'doctor',
    summary: 'looks for what keeps BanGUI from working, and says what to do',
    usage: ['bangui doctor [--json]'],
    description: [
      "Looks at fail2ban's socket, log, database, configuration and programs, at BanGUI's database, the",
      'clocks, the firewall programs and the disks. Changes nothing; each check takes at most 3 s.',
      "Run it as BanGUI's user: whether a file may be read depends on who asks.",
    ],
    options: [json],
    exits: ['0   no problem; there may be warnings', '1   at least one problem'],
    files: ["fail2ban's socket, log, database and configuration; BanGUI's database; all only read"],
    examples: ['bangui doctor', 'bangui doctor --json'],
  },
  {
    name: 'admin',
    summary: 'administrators: who there is, and a new password for one of them',
    usage: ['bangui admin list [--json]', 'bangui admin reset-password <username> [--stdin] [--json]'],
    description: [
      'reset-password gives an administrator a new password and ends all of their sessions. Without --stdin the',
      'password is made up and shown once. The audit log says that it was done by this command, and by whom.',
      'list prints name, when it was made and when it last signed in, separated by tabs.',
    ],
    options: [
      { option: '--stdin', about: 'Take the password, 12 to 256 characters, from the first line of standard input.' },
      json,
    ],
    exits: ['0   done', '1   there is no such administrator, or the password is too easy to guess'],
    files: ['BANGUI_DATABASE_PATH, or the database of BANGUI_DATABASE_URL'],
    examples: ['bangui admin list', 'bangui admin reset-password anna'],
  },
  {
    name: 'backup',
    summary: 'one file with everything that BanGUI keeps, made while it runs',
    usage: ['bangui backup <file> [--json]'],
    description: [
      'Writes database, secret key and plugins of others into a new file (tar, compressed with gzip) that only its owner',
      'may read. It holds one state of the database, and nobody waits for it. Beside the file there must be room for a',
      "copy of the database. SQLite only: PostgreSQL has pg_dump. fail2ban's own files are not in it.",
    ],
    words: 'file',
    options: [json],
    exits: ['0   the file is whole and on the disk', '1   no file was written'],
    files: [
      'BANGUI_DATABASE_PATH, secret-key beside it, and BANGUI_PLUGINS_DIR: read',
      'FILE.database and FILE.part: while it works',
    ],
    examples: ['bangui backup /var/backups/bangui-2026-01-31.tar.gz'],
  },
  {
    name: 'restore',
    summary: 'brings a backup back, while BanGUI does not run',
    usage: ['bangui restore <file> [--json]'],
    description: [
      'Unpacks a backup beside the database, checks all of it, and puts it in its place in one step. The database that',
      'was there stays beside it as NAME.before-restore-TIME. A backup of an older version is migrated at the next start;',
      'one of a newer version is refused. Refuses while BanGUI runs.',
    ],
    words: 'file',
    options: [json],
    exits: ['0   restored', '1   nothing was changed'],
    files: [
      'BANGUI_DATABASE_PATH, secret-key beside it, and BANGUI_PLUGINS_DIR: replaced',
      '.bangui-restore-… beside the database: while it works',
    ],
    examples: ['bangui restore /var/backups/bangui-2026-01-31.tar.gz'],
  },
  {
    name: 'db',
    summary: 'whether the database is whole',
    usage: ['bangui db check [--json]'],
    description: [
      'SQLite: PRAGMA integrity_check and foreign_key_check, which read the whole file. PostgreSQL: that it answers; its',
      'files are checked by pg_amcheck. Both: whether the schema is that of this version. Only reads, also while BanGUI runs.',
    ],
    options: [json],
    exits: [
      '0   whole, and of this version or an older one',
      '1   damaged, of a newer version, or it cannot be opened',
    ],
    files: ['BANGUI_DATABASE_PATH, or the database of BANGUI_DATABASE_URL'],
    examples: ['bangui db check'],
  },
  {
    name: 'lock',
    summary: 'the lock of the background tasks: who holds it, and taking it away',
    usage: ['bangui lock show [--json]', 'bangui lock clear [--force] [--json]'],
    description: [
      'One instance runs the background tasks: the one that holds the lock. A lock whose holder is gone is cleared by the',
      'next instance by itself. clear refuses while the holder gives signs of life.',
    ],
    options: [
      {
        option: '--force',
        about: 'Take the lock away from a holder that lives. It stops its tasks, and another one begins.',
      },
      json,
    ],
    exits: ['0   shown; or nobody holds the lock now', '1   the holder lives and --force was not given'],
    files: ['The database, or the Redis of BANGUI_REDIS_URL'],
    examples: ['bangui lock show', 'bangui lock clear'],
  },
  {
    name: 'plugin',
    summary: 'blocklist sources of others',
    usage: [
      'bangui plugin add <package>@<exact version> | <archive.tgz> [--checksum sha512-…]',
      'bangui plugin list',
      'bangui plugin accept <id>',
      'bangui plugin remove <id>',
      'bangui plugin test <id> [--config <settings in JSON>] [--file <downloaded list>]',
      'bangui plugin test <folder of a source that you write>',
    ],
    description: ['Adds, lists, accepts, removes and tests blocklist sources that do not come with BanGUI.'],
    words: 'file',
    options: [
      { option: '--checksum', about: 'Refuse an archive with another checksum.' },
      { option: '--config', about: 'Settings of the source, in JSON.' },
      { option: '--file', about: 'A list that was downloaded before.', value: 'file' },
      json,
    ],
    exits: ['0   done', '1   not done, or a test failed'],
    files: ['BANGUI_PLUGINS_DIR, and bangui-plugins.json in it'],
    examples: ['bangui plugin add bangui-source-example@1.0.0', 'bangui plugin list'],
  },
  {
    name: 'source',
    summary: 'blocklists: which there are, and an import now',
    usage: ['bangui source list [--json]', 'bangui source run <name> [--json]'],
    description: [
      'list prints feed name, name, plugin, how the latest import ended and when, separated by tabs. run asks the BanGUI that',
      'runs the background tasks for an import, as the portal does, and waits for its end. The name is a feed name, an id,',
      'or the name of one list.',
    ],
    options: [json],
    exits: [
      '0   imported, or unchanged since the last time',
      '1   failed, held because it looks broken, or no BanGUI runs background tasks',
    ],
    files: ['BANGUI_DATABASE_PATH, or the database of BANGUI_DATABASE_URL'],
    examples: ['bangui source list', 'bangui source run spamhaus-drop'],
  },
  {
    name: 'token',
    summary: 'API tokens for programs',
    usage: [
      'bangui token create <name> --scope <scope> [--scope <scope> …] [--days <days until it expires>]',
      'bangui token list',
      'bangui token revoke <id>',
    ],
    description: ['Makes, lists and revokes API tokens. A token is shown once, when it is made.'],
    options: [
      {
        option: '--scope',
        value: ['enforcement:read', 'enforcement:report', 'feeds:read', 'metrics:read'],
        about: 'What the token may do: enforcement:read, enforcement:report, feeds:read or metrics:read. Repeatable.',
      },
      { option: '--days', about: 'Days until it expires, 1 to 36500. Without it, it never does.' },
      json,
    ],
    exits: ['0   done', '1   not done'],
    files: ['BANGUI_DATABASE_PATH, or the database of BANGUI_DATABASE_URL'],
    examples: ['bangui token create prometheus --scope metrics:read --days 365', 'bangui token list'],
  },
  {
    name: 'secrets',
    summary: 'another key for stored passwords and keys of others',
    usage: ['bangui secrets rotate [--json]'],
    description: ['Seals every stored secret anew with a new key. Can be repeated after it was broken off.'],
    options: [json],
    exits: ['0   done', '1   not whole: the old keys are kept'],
    files: ['secret-key beside the database'],
    examples: ['bangui secrets rotate'],
  },
  {
    name: 'completion',
    summary: 'prints what makes a shell complete these commands',
    usage: ['bangui completion bash|zsh|fish'],
    description: ['Prints a script for the shell, which completes commands, their words, options and files.'],
    words: ['bash', 'zsh', 'fish'],
    options: [],
    exits: ['0   printed'],
    examples: [
      'source <(bangui completion bash)',
      'bangui completion zsh > "${fpath[1]}/_bangui"',
      'bangui completion fish > ~/.config/fish/completions/bangui.fish',
    ],
  },
];
