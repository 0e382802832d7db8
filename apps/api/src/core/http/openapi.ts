import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject } from '@nestjs/swagger';

/** `BansController.page` is the operation `bansPage`: clients are generated from these names, so they stay. */
export function operationId(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

/** Describes the API. The library is loaded only when it is needed, because it is large. */
export async function describeApi(app: NestFastifyApplication, version: string): Promise<OpenAPIObject> {
  const { DocumentBuilder, SwaggerModule } = await import('@nestjs/swagger');
  const settings = new DocumentBuilder()
    .setTitle('BanGUI')
    .setDescription(
      'Errors are `application/problem+json` with a stable `code`. Times are epoch milliseconds, durations seconds, -1 is permanent.',
    )
    .setVersion(version)
    .addCookieAuth('bangui_session')
    .build();
  const document = SwaggerModule.createDocument(app, settings, { operationIdFactory: operationId });
  sortEnums(document);
  return document;
}

/** The compiler lists a union's members in the order in which it met them, which differs from build to build. */
function sortEnums(schema: object): void {
  for (const [key, value] of Object.entries(schema) as [string, unknown][]) {
    if (key === 'enum' && Array.isArray(value)) value.sort();
    else if (typeof value === 'object' && value !== null) sortEnums(value);
  }
}

/** Serves the document and a page to try it out at `/api/docs`. */
export async function serveApiDocs(app: NestFastifyApplication, version: string): Promise<void> {
  const { SwaggerModule } = await import('@nestjs/swagger');
  SwaggerModule.setup('api/docs', app, await describeApi(app, version));
}
