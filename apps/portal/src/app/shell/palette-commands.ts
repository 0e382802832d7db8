import { inject, Service } from '@angular/core';
import { Router } from '@angular/router';
import { AllowlistActions } from '../allowlist/index';
import { BanActions } from '../bans/index';
import { JailsState } from '../api/jails-state';
import { addressPath } from '../ui/address-link';
import { formatAddresses, formatNumber } from '../ui/format';
import { type IconName } from '../ui/icons';
import { language } from '../ui/locale';
import { changeLanguage } from './language';
import { matchesWords, parsePaletteQuery } from './palette-query';
import { Theme } from './theme';

/** One line of the palette. */
export interface PaletteCommand {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly hint: string;
  readonly icon: IconName;
  /** 0 to 12 for a jail, whose colour stands in place of the icon. */
  readonly colour?: number;
  readonly run: () => void;
}

/** As many lines as are shown; more words narrow them down. */
const MOST = 40;

/** Everything the palette can do for a typed text. */
@Service()
export class PaletteCommands {
  private readonly allowlist = inject(AllowlistActions);
  private readonly bans = inject(BanActions);
  private readonly jails = inject(JailsState);
  private readonly router = inject(Router);
  private readonly theme = inject(Theme);

  /** The lines for this text, best first. */
  find(text: string): readonly PaletteCommand[] {
    const query = parsePaletteQuery(
      text,
      this.jails.all().map((jail) => jail.name),
    );
    switch (query.kind) {
      case 'ban':
        return [this.ban(query.addresses, query.jail)];
      case 'unban':
        return [this.unban(query.addresses)];
      case 'address':
        return [
          this.lookUp(query.address),
          this.ban([query.address], undefined),
          this.unban([query.address]),
          this.allow(query.address),
        ];
      case 'search':
        return [...this.pages(), ...this.jailPages(), ...this.actions()]
          .filter((command) => matchesWords(`${command.group} ${command.label}`, query.words))
          .slice(0, MOST);
    }
  }

  private pages(): PaletteCommand[] {
    const group = $localize`Pages`;
    const page = (label: string, path: string, icon: IconName, hint = ''): PaletteCommand => ({
      id: path,
      group,
      label,
      hint,
      icon,
      run: () => void this.router.navigateByUrl(path),
    });
    return [
      page($localize`Overview`, '/', 'home', 'g o'),
      page($localize`Bans`, '/bans', 'ban', 'g b'),
      page($localize`History`, '/history', 'history', 'g h'),
      page($localize`Map`, '/map', 'map', 'g m'),
      page($localize`Jails`, '/jails', 'jail', 'g j'),
      page($localize`Blocklists`, '/blocklists', 'log', 'g i'),
      page($localize`Imports`, '/blocklists/runs', 'history'),
      page($localize`Sources of lists`, '/blocklists/plugins', 'plus'),
      page($localize`Overlap and feeds`, '/blocklists/overlap', 'export'),
      page($localize`Enforcement`, '/enforcement', 'server', 'g e'),
      page($localize`Allowlist`, '/allowlist', 'allow', 'g l'),
      page($localize`Configured jails`, '/configuration/jails', 'configuration', 'g c'),
      page($localize`Settings of all jails`, '/configuration/jails/DEFAULT', 'configuration'),
      page($localize`Filters`, '/configuration/filters', 'configuration'),
      page($localize`Actions of jails`, '/configuration/actions', 'configuration'),
      page($localize`Versions of the configuration`, '/configuration/versions', 'history'),
      page($localize`Regex lab`, '/regex-lab', 'lab', 'g x'),
      page($localize`Logs`, '/logs', 'lines', 'g f'),
      page($localize`Server`, '/server', 'dials', 'g s'),
      page($localize`Tasks`, '/tasks', 'clock', 'g t'),
      page($localize`Account and sessions`, '/administration/account', 'key', 'g a'),
      page($localize`Administrators`, '/administration/administrators', 'users'),
      page($localize`API tokens`, '/administration/tokens', 'key'),
      page($localize`Audit log`, '/administration/audit', 'log'),
    ];
  }

  private jailPages(): PaletteCommand[] {
    return this.jails.all().map((jail) => ({
      id: `jail ${jail.name}`,
      group: $localize`Jails`,
      label: jail.name,
      hint: $localize`${formatNumber(jail.currentlyBanned)}:count: banned`,
      icon: 'jail',
      colour: jail.colour,
      run: () => void this.router.navigate(['/jails', jail.name]),
    }));
  }

  private actions(): PaletteCommand[] {
    const group = $localize`Actions`;
    return [
      {
        id: 'ban',
        group,
        label: $localize`Ban addresses…`,
        hint: '',
        icon: 'ban',
        run: () => void this.bans.openDialog(),
      },
      {
        id: 'allow',
        group,
        label: $localize`Never ban addresses…`,
        hint: '',
        icon: 'allow',
        run: () => void this.allowlist.add(),
      },
      {
        id: 'light',
        group,
        label: $localize`Theme: light`,
        hint: '',
        icon: 'sun',
        run: () => this.theme.choose('light'),
      },
      {
        id: 'dark',
        group,
        label: $localize`Theme: dark`,
        hint: '',
        icon: 'moon',
        run: () => this.theme.choose('dark'),
      },
      {
        id: 'system',
        group,
        label: $localize`Theme: as the system`,
        hint: '',
        icon: 'server',
        run: () => this.theme.choose('system'),
      },
      {
        id: 'language',
        group,
        // For the person who does not read this language.
        label: language === 'de' ? 'English' : 'Deutsch',
        hint: '',
        icon: 'language',
        run: () => changeLanguage(language === 'de' ? 'en' : 'de'),
      },
    ];
  }

  private lookUp(address: string): PaletteCommand {
    return {
      id: 'look-up',
      group: $localize`Address`,
      label: $localize`Look up ${address}:address:`,
      hint: '',
      icon: 'search',
      run: () => void this.router.navigate([...addressPath(address)]),
    };
  }

  private ban(addresses: readonly string[], jail: string | undefined): PaletteCommand {
    const what = addresses.length === 1 ? (addresses[0] ?? '') : formatAddresses(addresses.length);
    return {
      id: 'ban-typed',
      group: $localize`Address`,
      label:
        jail === undefined ? $localize`Ban ${what}:addresses:…` : $localize`Ban ${what}:addresses: in ${jail}:jail:…`,
      hint: '',
      icon: 'ban',
      run: () => void this.bans.openDialog({ text: addresses.join('\n'), jail }),
    };
  }

  private unban(addresses: readonly string[]): PaletteCommand {
    const what = addresses.length === 1 ? (addresses[0] ?? '') : formatAddresses(addresses.length);
    return {
      id: 'unban-typed',
      group: $localize`Address`,
      label: $localize`Unban ${what}:addresses: everywhere…`,
      hint: '',
      icon: 'unban',
      run: () => void this.bans.unbanEverywhere(addresses),
    };
  }

  private allow(address: string): PaletteCommand {
    return {
      id: 'allow-typed',
      group: $localize`Address`,
      label: $localize`Never ban ${address}:address:…`,
      hint: '',
      icon: 'allow',
      run: () => void this.allowlist.add(address),
    };
  }
}
