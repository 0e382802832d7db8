export { SeenHereModule } from './seen-here.module.ts';
export { SeenAddress, SeenHere, SignInSource } from './seen-here.dto.ts';
export { type KnownSignIns, shownSignIns, SignInsHere } from './seen-here.ts';
