import { type ValueOrigin } from '../api/generated/models';

type Layer = ValueOrigin['layer'];

/** Whose file a value stands in, in one word. */
export function layerWords(layer: Layer): string {
  switch (layer) {
    case 'stock':
    case 'stock-d':
      return $localize`stock`;
    case 'local':
    case 'local-d':
      return $localize`local`;
    case 'ours':
      return $localize`BanGUI`;
  }
}

/** The same in a sentence. */
export function layerHint(layer: Layer): string {
  switch (layer) {
    case 'stock':
    case 'stock-d':
      return $localize`Comes with fail2ban or its package.`;
    case 'local':
    case 'local-d':
      return $localize`Written by a person on the server.`;
    case 'ours':
      return $localize`Written by BanGUI.`;
  }
}

/** `jail.d/defaults-debian.conf:12`. */
export function placeWords({ file, line }: ValueOrigin): string {
  return `${file}:${String(line)}`;
}
