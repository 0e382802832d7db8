export { SetupCodeEntity } from './setup-code.entity.ts';
export { SetupModule } from './setup.module.ts';
