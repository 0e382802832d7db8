import { isJailName } from '@bangui/fail2ban';
import { JailNameUnwritable } from './configuration.errors.ts';

/** Longest name of a file without its ending; the file system takes 255 bytes with ending and temporary suffix. */
const maxName = 100;
const name = `[A-Za-z0-9][A-Za-z0-9_.-]{0,${maxName - 1}}`;
/** Where settings of the server as a whole are kept. */
export const serverFile = 'fail2ban.d/zz-bangui.local';
const own = new RegExp(`^jail\\.d/zz-bangui-${name}\\.local$`);
const adoptable = new RegExp(`^(?:jail\\.local|(?:jail|filter|action)\\.d/${name}\\.local)$`);
const definition = new RegExp(`^(?:filter|action)\\.d/${name}\\.local$`);

/** Whether BanGUI alone writes such a file, whoever made it. */
export function isOwnByName(path: string): boolean {
  return own.test(path) || path === serverFile;
}

/** Whether an administrator could hand over such a file, or BanGUI make it. */
export function isWritablePath(path: string): boolean {
  return adoptable.test(path) || path === serverFile;
}

/** Whether it is a filter or an action. */
export function isDefinitionPath(path: string): boolean {
  return definition.test(path);
}

/** Whether it is an action: the commands in it are run as root. */
export function isActionPath(path: string): boolean {
  return path.startsWith('action.d/') && isDefinitionPath(path);
}

/**
 * The file in which a jail is changed, and `DEFAULT` for all jails.
 * @throws {JailNameUnwritable} for a name that BanGUI takes for no jail, see `isJailName`
 */
export function jailFile(section: string): string {
  if (section === 'DEFAULT') return 'jail.d/zz-bangui-default.local';
  if (!isJailName(section)) throw new JailNameUnwritable(section);
  return `jail.d/zz-bangui-jail-${section}.local`;
}
