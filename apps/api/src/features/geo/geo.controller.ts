import { Network } from '@bangui/ip';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { AddressPath, GeoSourceInfo, ReverseName } from './geo.dto.ts';
import { AddressUnreadable } from './geo.errors.ts';
import { Geo } from './geo.ts';

/** Places of addresses. */
@Controller('geo')
export class GeoController {
  constructor(private readonly geo: Geo) {}

  /** Where countries and networks come from. */
  @Get('source')
  source(): GeoSourceInfo {
    const source = this.geo.source();
    return { ...source, parts: source.parts.map((part) => ({ ...part, credits: [...part.credits] })) };
  }

  /**
   * Asks DNS for the name of an address: at most 3 s, then 504 `reverse-name-unanswered`. This tells the name servers
   * that somebody here is interested in the address, so ask only when a person wants to know.
   */
  @Get(':address/name')
  async name(@Param() { address }: AddressPath, @Res({ passthrough: true }) reply: FastifyReply): Promise<ReverseName> {
    const network = Network.parse(address);
    if (!network?.isAddress) throw new AddressUnreadable();
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    reply.raw.once('close', leave);
    try {
      return { name: await this.geo.reverseName(network, gone.signal) };
    } catch (error) {
      // Nobody reads the answer any more, and it is no mistake of ours.
      if (gone.signal.aborted) return { name: null };
      throw error;
    } finally {
      reply.raw.off('close', leave);
    }
  }
}
