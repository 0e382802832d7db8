import { type DryRun } from '@bangui/fail2ban-config';
import { expect, it } from 'vitest';
import { movedRun } from './moved-run.ts';

it('names the other folder wherever the first was named, and nothing else', () => {
  const of = (folder: string): DryRun => ({
    ...{ version: '1', problems: [], tookMs: 1 },
    stream: [['set', 'web', 'addaction', 'mail', `${folder}/action.d/mail.py`, `{"log": "${folder}/a \\"b\\""}`]],
    jails: [
      {
        ...{ name: 'web', filter: 'web', backend: 'polling', failRegexes: ['^\\S+ <HOST>'], ignoreRegexes: [] },
        ...{ prefRegex: '', logPaths: ['/var/log/web.log'], journalMatches: [], actions: ['mail'], ignoreList: [] },
        ...{ ignoreSelf: true, parameters: { ignorecommand: `${folder}/filter.d/ignore <ip>`, maxlines: 1 } },
      },
    ],
  });
  expect(movedRun(of('/tmp/bangui-check-a1'), '/tmp/bangui-check-a1', '/etc/$&fail2ban')).toEqual(
    of('/etc/$&fail2ban'),
  );
});
