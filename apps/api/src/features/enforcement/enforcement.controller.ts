import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { CurrentRequester } from '../auth/index.ts';
import { EnforcementChange, EnforcementConfirmation, EnforcementStatus } from './enforcement.dto.ts';
import { EnforcementService } from './enforcement.service.ts';

/** How the lists are enforced. */
@Controller('enforcement')
export class EnforcementController {
  constructor(private readonly enforcement: EnforcementService) {}

  /** What is wanted, what each enforcer holds, and what needs attention. */
  @Get()
  status(): Promise<EnforcementStatus> {
    return this.enforcement.status();
  }

  /** Changes where packets are dropped. */
  @Patch()
  change(@Body() change: EnforcementChange, @CurrentRequester() requester: Requester): Promise<EnforcementStatus> {
    return this.enforcement.change(change, requester);
  }

  /** Confirms first activations that are under way; one that nobody confirms is undone after two minutes. */
  @Post('confirm')
  @HttpCode(200)
  confirm(
    @Body() confirmation: EnforcementConfirmation,
    @CurrentRequester() requester: Requester,
  ): Promise<EnforcementStatus> {
    return this.enforcement.confirm(confirmation, requester);
  }

  /** Makes every enforcer read and load everything anew, also one whose first activation was undone. */
  @Post('resync')
  @HttpCode(200)
  resync(@CurrentRequester() requester: Requester): Promise<EnforcementStatus> {
    return this.enforcement.resync(requester);
  }
}
