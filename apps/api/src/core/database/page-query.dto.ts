import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Which page of a list to read. */
export class PageQuery {
  /** Items on the page, 1 to 200. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  /** `nextCursor` of the page before; absent for the first one. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  cursor?: string;
}
