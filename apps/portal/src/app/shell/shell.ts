import { Component, computed, DestroyRef, inject } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { MatMenuModule } from '@angular/material/menu';
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { filter, map, pairwise, startWith } from 'rxjs';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { askToSignIn } from './session-guard';
import { SessionState } from '../api/session-state';
import { JailsState } from '../api/jails-state';
import { Live } from '../api/live/live';
import { formatCompact } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { type IconName } from '../ui/icons';
import { language, locale } from '../ui/locale';
import { Logo } from '../ui/logo';
import { Toasts } from '../ui/toasts';
import { Dialogs } from './dialogs';
import { Keys } from './keys';
import { changeLanguage } from './language';
import { LiveAnnouncements } from './live-announcements';
import { LiveIndicator } from './live-indicator';
import { StatusStrips } from './status-strips';
import { Theme } from './theme';

interface NavigationItem {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
}

/** What a phone finds behind More. */
const IN_MORE: ReadonlySet<string> = new Set([
  '/map',
  '/blocklists',
  '/enforcement',
  '/allowlist',
  '/configuration',
  '/regex-lab',
  '/logs',
  '/server',
  '/tasks',
  '/administration',
]);

/** The frame of every page behind the sign-in: navigation, top bar, live connection. */
@Component({
  selector: 'bangui-shell',
  imports: [
    HostileText,
    Icon,
    LiveIndicator,
    Logo,
    MatMenuModule,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    StatusStrips,
  ],
  templateUrl: './shell.html',
  styleUrl: './shell.css',
  host: { '(document:keydown)': 'keys.press($event)' },
})
export class Shell {
  private readonly dialogs = inject(Dialogs);
  private readonly live = inject(Live);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly jails = inject(JailsState);
  protected readonly keys = inject(Keys);
  protected readonly session = inject(SessionState);
  protected readonly theme = inject(Theme);

  protected readonly groups: readonly (readonly NavigationItem[])[] = [
    [{ path: '/', label: $localize`Overview`, icon: 'home' }],
    [
      { path: '/bans', label: $localize`Bans`, icon: 'ban' },
      { path: '/history', label: $localize`History`, icon: 'history' },
      { path: '/map', label: $localize`Map`, icon: 'map' },
    ],
    [
      { path: '/jails', label: $localize`Jails`, icon: 'jail' },
      { path: '/blocklists', label: $localize`Blocklists`, icon: 'log' },
      { path: '/enforcement', label: $localize`Enforcement`, icon: 'server' },
      { path: '/allowlist', label: $localize`Allowlist`, icon: 'allow' },
    ],
    [
      { path: '/configuration', label: $localize`Configuration`, icon: 'configuration' },
      { path: '/regex-lab', label: $localize`Regex lab`, icon: 'lab' },
      { path: '/logs', label: $localize`Logs`, icon: 'lines' },
      { path: '/server', label: $localize`Server`, icon: 'dials' },
      { path: '/tasks', label: $localize`Tasks`, icon: 'clock' },
      { path: '/administration', label: $localize`Administration`, icon: 'users' },
    ],
  ];
  /** The bottom bar of a phone has room for five: the last one is a menu with the rest. */
  protected readonly items = this.groups.flat().filter((item) => !IN_MORE.has(item.path));
  protected readonly more = this.groups.flat().filter((item) => IN_MORE.has(item.path));
  protected readonly isInMore = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      startWith(null),
      map(() => this.more.some((item) => this.router.url.startsWith(item.path))),
    ),
    { initialValue: false },
  );
  protected readonly bannedNow = computed(() => formatCompact(this.jails.bannedNow()));
  protected readonly attention = computed(() =>
    this.jails.unarmed().length === 1 ? $localize`needs attention` : $localize`need attention`,
  );
  protected readonly initials = computed(() => (this.session.current()?.username ?? '').slice(0, 2));
  protected readonly paletteKey = isApple() ? '⌘ K' : $localize`Ctrl K`;
  // Written in the other language on purpose: it is for the person who does not read this one.
  protected readonly otherLanguage = language === 'de' ? 'English' : 'Deutsch';
  protected readonly otherCode = language === 'de' ? 'EN' : 'DE';
  protected readonly zone = zonePart('shortOffset').replace('GMT', 'UTC');
  protected readonly zoneName = Intl.DateTimeFormat().resolvedOptions().timeZone;

  constructor() {
    inject(LiveAnnouncements).start();
    this.live.start();
    inject(DestroyRef).onDestroy(() => this.live.stop());
    this.live.events.pipe(takeUntilDestroyed()).subscribe((event) => {
      if (event.name === 'session-ended' && this.session.isSignedIn()) askToSignIn(this.session, this.router);
      if (event.name === 'hello') this.compareVersions(event.data.version);
    });
    this.focusNewPages();
  }

  protected openPalette(): void {
    void this.dialogs.openPalette();
  }

  protected openKeys(): void {
    void this.dialogs.openKeys();
  }

  protected switchLanguage(): void {
    changeLanguage(language === 'de' ? 'en' : 'de');
  }

  protected async signOut(): Promise<void> {
    try {
      await this.session.signOut();
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
      return;
    }
    await this.router.navigate(['/sign-in']);
  }

  protected focusMain(event: Event): void {
    event.preventDefault();
    document.getElementById('main')?.focus();
  }

  /** A page that was opened takes the focus, so that a screen reader begins there and not in the rail. */
  private focusNewPages(): void {
    this.router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        map((event) => event.urlAfterRedirects.split('?')[0]),
        pairwise(),
        filter(([before, now]) => before !== now),
        takeUntilDestroyed(),
      )
      .subscribe(() => document.getElementById('main')?.focus({ preventScroll: true }));
  }

  private compareVersions(running: string): void {
    const loaded = this.session.current()?.version;
    if (loaded === undefined || loaded === running) return;
    this.toasts.show($localize`BanGUI was updated to ${running}:version:.`, {
      meaning: 'info',
      action: { label: $localize`Load the new page`, run: () => location.reload() },
    });
  }
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

function zonePart(timeZoneName: 'shortOffset'): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName }).formatToParts();
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}
