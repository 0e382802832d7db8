import { describe, expect, it } from 'vitest';
import { JailNameUnwritable } from './configuration.errors.ts';
import { isActionPath, isDefinitionPath, isOwnByName, isWritablePath, jailFile } from './owned-path.ts';

describe('paths of the configuration', () => {
  it.each([
    ['sshd', 'jail.d/zz-bangui-jail-sshd.local'],
    ['DEFAULT', 'jail.d/zz-bangui-default.local'],
    ['a..b', 'jail.d/zz-bangui-jail-a..b.local'],
  ])('a jail named %s is changed in a file of BanGUI', (name, path) => {
    expect(jailFile(name)).toBe(path);
    expect([isOwnByName(path), isWritablePath(path)]).toEqual([true, true]);
  });

  it.each(['', 'a\0b', 'a\nb', 'my app', '../x', 'a/../b', 'x'.repeat(90)])('no jail has the name %j', (name) => {
    expect(() => jailFile(name)).toThrow(JailNameUnwritable);
  });

  it.each([
    'jail.conf',
    'jail.d/x.conf',
    'filter.d/../jail.local',
    'filter.d/.hidden.local',
    'filter.d/a/b.local',
    '/etc/fail2ban/jail.local',
    'filter.d/a\0.local',
    'fail2ban.local',
    'action.d/x.py',
    'filter.d/x.local.conf',
    '',
  ])('%j is never written', (path) => expect(isWritablePath(path)).toBe(false));

  it('tells filters, actions and jails apart', () => {
    expect([isDefinitionPath('filter.d/a.local'), isActionPath('filter.d/a.local')]).toEqual([true, false]);
    expect([isDefinitionPath('action.d/a.local'), isActionPath('action.d/a.local')]).toEqual([true, true]);
    expect([isDefinitionPath('jail.local'), isWritablePath('jail.local')]).toEqual([false, true]);
  });
});
