import { SetMetadata } from '@nestjs/common';

/** Metadata key of {@link Public}. */
export const publicKey = 'bangui:public';

/** The route, or every route of the controller, needs no sign-in. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(publicKey, true);
