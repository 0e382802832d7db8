import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import {
  ConfigurationFileText,
  ConfigurationOverview,
  ConfiguredJailDetail,
  ConfiguredJailList,
  ConfiguredServer,
  DefinitionDetail,
  DefinitionList,
  DefinitionName,
  FilePath,
} from './configuration.dto.ts';
import { ConfigurationViews } from './configuration-views.ts';

/** fail2ban's configuration: jails, filters, actions and files, each value with where it stands. */
@Controller('configuration')
export class ConfigurationController {
  constructor(private readonly views: ConfigurationViews) {}

  /** The folder, its files, and the change that is under way. */
  @Get()
  overview(): Promise<ConfigurationOverview> {
    return this.views.overview();
  }

  /** Every jail, enabled or not, in the order of the files. */
  @Get('jails')
  async jails(): Promise<ConfiguredJailList> {
    return { items: await this.views.jails() };
  }

  /** Everything the configuration says of a jail; `DEFAULT` is what holds where a jail says nothing. */
  @Get('jails/:name')
  async jail(
    @Param() { name }: DefinitionName,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConfiguredJailDetail> {
    return tagged(reply, await this.views.jail(name));
  }

  /** What the configuration says of fail2ban as a whole. */
  @Get('server')
  async server(@Res({ passthrough: true }) reply: FastifyReply): Promise<ConfiguredServer> {
    return tagged(reply, await this.views.serverSettings());
  }

  /** Every filter, by name. */
  @Get('filters')
  async filters(): Promise<DefinitionList> {
    return { items: await this.views.definitions('filters') };
  }

  /** Everything the configuration says of a filter. */
  @Get('filters/:name')
  async filter(
    @Param() { name }: DefinitionName,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DefinitionDetail> {
    return tagged(reply, await this.views.definition('filters', name));
  }

  /** Every action, by name. */
  @Get('actions')
  async actions(): Promise<DefinitionList> {
    return { items: await this.views.definitions('actions') };
  }

  /** Everything the configuration says of an action. */
  @Get('actions/:name')
  async action(
    @Param() { name }: DefinitionName,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DefinitionDetail> {
    return tagged(reply, await this.views.definition('actions', name));
  }

  /** A file with its text. */
  @Get('file')
  async file(
    @Query() { path }: FilePath,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConfigurationFileText> {
    const file = await this.views.file(path);
    if (file.etag !== null) void reply.header('etag', `"${file.etag}"`);
    return file;
  }
}

/** The header names the file that a change would be made in. */
function tagged<T extends { readonly file: { readonly etag: string | null } }>(reply: FastifyReply, body: T): T {
  if (body.file.etag !== null) void reply.header('etag', `"${body.file.etag}"`);
  return body;
}
