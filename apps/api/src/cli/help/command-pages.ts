/** What `bangui help` knows of a command. */
export interface CommandPage {
  readonly name: string;
  readonly summary: string;
  /** Each way to use it. */
  readonly usage: readonly string[];
  /** Lines of at most 100 characters. */
  readonly description: readonly string[];
  readonly options: readonly { readonly option: string; readonly about: string }[];
  /** Exit statuses beside 64 and 78. */
  readonly exits: readonly string[];
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
    options: [json],
    exits: ['0   the file is whole and on the disk', '1   no file was written'],
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
    options: [json],
    exits: ['0   restored', '1   nothing was changed'],
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
    options: [
      { option: '--checksum', about: 'Refuse an archive with another checksum.' },
      { option: '--config', about: 'Settings of the source, in JSON.' },
      { option: '--file', about: 'A list that was downloaded before.' },
      json,
    ],
    exits: ['0   done', '1   not done, or a test failed'],
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
        about: 'What the token may do: enforcement:read, enforcement:report, feeds:read or metrics:read. Repeatable.',
      },
      { option: '--days', about: 'Days until it expires, 1 to 36500. Without it, it never does.' },
      json,
    ],
    exits: ['0   done', '1   not done'],
  },
  {
    name: 'secrets',
    summary: 'another key for stored passwords and keys of others',
    usage: ['bangui secrets rotate [--json]'],
    description: ['Seals every stored secret anew with a new key. Can be repeated after it was broken off.'],
    options: [json],
    exits: ['0   done', '1   not whole: the old keys are kept'],
  },
];
