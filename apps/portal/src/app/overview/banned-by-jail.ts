import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { JailsState } from '../api/jails-state';
import { Failed } from '../ui/failed';
import { formatNumber } from '../ui/format';
import { JailName, jailPaint } from '../ui/jail-name';
import { Skeleton } from '../ui/skeleton';

/** Jails that are drawn, the fullest first; the others are one row. */
const MOST = 12;

/** How the bans in force are shared among the jails. The numbers stand beside the bars, so it needs no table. */
@Component({
  selector: 'bangui-banned-by-jail',
  imports: [Failed, JailName, RouterLink, Skeleton],
  templateUrl: './banned-by-jail.html',
  styleUrl: './banned-by-jail.css',
})
export class BannedByJail {
  protected readonly jails = inject(JailsState);
  protected readonly number = formatNumber;
  protected readonly rows = computed(() => {
    const sorted = [...this.jails.all()].sort(
      (a, b) => b.currentlyBanned - a.currentlyBanned || b.totalBanned - a.totalBanned || a.name.localeCompare(b.name),
    );
    const most = Math.max(1, sorted[0]?.currentlyBanned ?? 0);
    return sorted.slice(0, MOST).map((jail) => ({
      ...jail,
      paint: jailPaint(jail.colour),
      width: (jail.currentlyBanned / most) * 100,
    }));
  });
  protected readonly rest = computed(() => {
    const shown = new Set(this.rows().map((row) => row.name));
    const others = this.jails.all().filter((jail) => !shown.has(jail.name));
    return { count: others.length, banned: others.reduce((sum, jail) => sum + jail.currentlyBanned, 0) };
  });
}
