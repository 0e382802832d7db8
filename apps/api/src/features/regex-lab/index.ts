export { RegexLabModule } from './regex-lab.module.ts';
export { type RegexLabChoices, type RegexLabReport } from './regex-lab.dto.ts';
