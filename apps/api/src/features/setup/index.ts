export { SetupByCommand } from './setup-by-command.ts';
export { SetupCodeEntity } from './setup-code.entity.ts';
export { SetupModule } from './setup.module.ts';
