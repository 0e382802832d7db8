import { type Plugin } from '../api/generated/models';
import { type Meaning } from './list-words';

/** What is said of a plugin's state. */
export function pluginStateWords(state: Plugin['state']): string {
  switch (state) {
    case 'available':
      return $localize`available`;
    case 'found':
      return $localize`being looked at`;
    case 'refused':
      return $localize`refused`;
  }
}

/** The looks of a state. */
export function pluginMeaning(state: Plugin['state']): Meaning {
  return ({ available: 'ok', found: 'info', refused: 'danger' } as const)[state];
}

/** Where a plugin comes from. */
export function trustWords(trust: Plugin['trust']): string {
  return trust === 'in-tree' ? $localize`comes with BanGUI` : $localize`added here`;
}

/** What its code can reach; empty for that of BanGUI itself. */
export function confinedWords(confined: Plugin['confined']): string {
  switch (confined) {
    case 'none':
      return '';
    case 'permission':
      return $localize`kept from files and other programs, not from the network`;
    case 'permission+network':
      return $localize`kept from files, other programs and the network`;
  }
}
