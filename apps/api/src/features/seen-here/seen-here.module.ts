import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.ts';
import { SignInsHere } from './seen-here.ts';

/** Who is known here because they signed in. */
@Module({ imports: [AuditModule], providers: [SignInsHere], exports: [SignInsHere] })
export class SeenHereModule {}
