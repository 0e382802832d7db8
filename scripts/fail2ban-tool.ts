// Makes fail2ban's programs available to BanGUI's tests and demo without installing fail2ban; see lib/fail2ban-package.ts.
import { prepareFail2ban } from './lib/fail2ban-package.ts';
import { main } from './lib/programs.ts';

await main(async () => {
  const tool = await prepareFail2ban();
  console.log(`fail2ban: ${tool.server}`);
});
