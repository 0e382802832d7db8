import { type Configuration, readConfiguration } from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { Fail2banConfiguration } from '../../core/fail2ban/index.ts';
import { ConfigurationUnreadable } from '../jails/index.ts';

/** The configuration folder by BanGUI's own reader, read again when a file changed. */
@Injectable()
export class ConfigurationReader {
  private current: { readonly signature: string; readonly read: Promise<Configuration> } | undefined;

  constructor(private readonly configuration: Fail2banConfiguration) {}

  get directory(): string {
    return this.configuration.directory;
  }

  /** As it is on disk now. @throws {ConfigurationUnreadable} */
  async read(): Promise<Configuration> {
    try {
      const signature = await this.configuration.signature();
      if (this.current?.signature !== signature) this.current = { signature, read: this.readFolder(this.directory) };
      return await this.current.read;
    } catch (error) {
      this.current = undefined;
      throw new ConfigurationUnreadable(error);
    }
  }

  /** Another folder, as if it were this one. Rejects with FolderUnreadable. */
  readFolder(directory: string): Promise<Configuration> {
    return readConfiguration(directory, { serverPath: this.directory });
  }
}
