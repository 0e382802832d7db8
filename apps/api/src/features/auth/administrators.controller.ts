import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { AdministratorsService } from './administrators.service.ts';
import { Administrator, AdministratorList, NewAdministrator } from './auth.dto.ts';
import { CurrentRequester } from './current-requester.ts';

/** Who may sign in. */
@Controller('administrators')
export class AdministratorsController {
  constructor(private readonly administrators: AdministratorsService) {}

  /** Every administrator. */
  @Get()
  list(): Promise<AdministratorList> {
    return this.administrators.list();
  }

  /** Adds an administrator. */
  @Post()
  add(@CurrentRequester() requester: Requester, @Body() administrator: NewAdministrator): Promise<Administrator> {
    return this.administrators.add(requester, administrator);
  }

  /** Deletes another administrator and signs them out everywhere. */
  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentRequester() requester: Requester, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.administrators.remove(requester, id);
  }
}
