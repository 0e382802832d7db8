import { describe, expect, it } from 'vitest';
import { startCommand } from './start-command';

describe('the command that starts an enforcer', () => {
  it.each([
    ['https://bangui.example/enforcement', 'https://bangui.example', false],
    ['https://bangui.example:8443/', 'https://bangui.example:8443', false],
    ['http://localhost:8000/', 'http://127.0.0.1:8000', true],
    ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000', true],
    ['http://[::1]:8000/', 'http://[::1]:8000', true],
    ['http://192.0.2.1:8000/', 'http://127.0.0.1:8000', true],
  ])('of %s asks %s', (page, origin, isHereOnly) => {
    expect(startCommand(new URL(page))).toEqual({
      text: `BANGUI_API_URL=${origin} BANGUI_API_TOKEN_FILE=/etc/bangui/token npx bangui-enforcer`,
      isHereOnly,
    });
  });
});
