export { AllowlistEntriesModule } from './entries.module.ts';
export { AllowlistEntriesService } from './entries.service.ts';
