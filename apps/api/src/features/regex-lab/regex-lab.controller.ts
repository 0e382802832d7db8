import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { RegexLabChoices, RegexLabReport, RegexLabTrial } from './regex-lab.dto.ts';
import { RegexLabService } from './regex-lab.service.ts';

/** The regex lab: what fail2ban would make of lines. It changes nothing. */
@Controller('configuration/regex')
export class RegexLabController {
  constructor(private readonly lab: RegexLabService) {}

  /** What there is to try: the filters of the configuration, the logs that jails read, and the limits. */
  @Get()
  choices(): Promise<RegexLabChoices> {
    return this.lab.choices();
  }

  /** Tries a filter, or regular expressions of one's own, on lines or on the end of a log. */
  @Post()
  @HttpCode(200)
  run(@Body() trial: RegexLabTrial): Promise<RegexLabReport> {
    return this.lab.run(trial);
  }
}
