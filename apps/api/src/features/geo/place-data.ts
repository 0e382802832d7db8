import { classify, type Network } from '@bangui/ip';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Settings } from '../../core/config/settings.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { closeFiles, findFiles, type MaxmindFiles, type OpenDatabase, openFiles } from './maxmind-files.ts';
import { packagePlacesPath } from './package-data/layout.ts';
import { PackagePlaces } from './package-data/package-places.ts';
import { type CountryAndNetwork, nowhere, type Place } from './place.ts';
import { PlaceDataBad } from './place-data-bad.ts';

/** Pause between two looks at the administrator's files, in milliseconds. */
const watchMs = 5_000;

const noFiles: MaxmindFiles = { places: null, networks: null };

/** Where the data is; other places in tests. */
export class PlaceDataOptions {
  /** The file that comes with BanGUI. */
  readonly packagePath: string = packagePlacesPath;
}

/**
 * The place data in use: what comes with BanGUI, and before it the administrator's MaxMind files, which are followed
 * while BanGUI runs. A bad file never replaces a good one.
 */
@Injectable()
export class PlaceData implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  private comesWithUs: PackagePlaces | null = null;
  private brought: MaxmindFiles = noFiles;
  private broughtProblem: string | null = null;
  private packageProblem: string | null = null;
  /** What lay there when the files were last opened, or tried. */
  private seen: string | null = null;
  private timer: NodeJS.Timeout | undefined;
  private turns: Promise<void> = Promise.resolve();

  constructor(
    private readonly settings: Settings,
    private readonly log: Log,
    private readonly options: PlaceDataOptions,
  ) {}

  async onModuleInit(): Promise<void> {
    this.openPackage();
    if (this.settings.geoipDbPath === undefined) return;
    await this.refresh();
    this.timer = setInterval(() => void this.refresh(), watchMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.turns;
  }

  /** Last of all: while others stop they may still ask for places. */
  onApplicationShutdown(): void {
    closeFiles(this.brought);
    this.comesWithUs?.close();
  }

  /** The data that comes with BanGUI; null when it could not be read. */
  get package(): PackagePlaces | null {
    return this.comesWithUs;
  }

  /** The administrator's databases. */
  get files(): MaxmindFiles {
    return this.brought;
  }

  /** What is wrong with the data, in words for the administrator. */
  get problem(): string | null {
    return this.broughtProblem ?? this.packageProblem;
  }

  /** See `Geo.locate`. */
  locate(network: Network): Place {
    return this.placed(network, (packaged) => packaged.find(network));
  }

  /** See `Geo.countryAndNetwork`. */
  countryAndNetwork(network: Network): CountryAndNetwork {
    return this.placed(network, (packaged) => packaged.countryAndNetwork(network));
  }

  private placed(network: Network, inPackage: (packaged: PackagePlaces) => Place): Place {
    // Nobody is at home at a documentation address, whatever the data says.
    if (classify(network) !== 'global') return nowhere;
    const { places, networks } = this.brought;
    const packaged = places === null || networks === null ? this.inPackage(inPackage) : nowhere;
    if (places === null && networks === null) return packaged;
    const place = places === null ? packaged : this.inFile(places, network);
    const owner = networks === null ? packaged : networks === places ? place : this.inFile(networks, network);
    return { country: place.country, region: place.region, asn: owner.asn, organisation: owner.organisation };
  }

  /** Looks whether the administrator's files changed, and uses what is good of them. Never rejects. */
  refresh(): Promise<void> {
    this.turns = this.turns.then(() => this.look());
    return this.turns;
  }

  private async look(): Promise<void> {
    const path = this.settings.geoipDbPath;
    if (path === undefined) return;
    try {
      const found = await findFiles(path);
      const stamps = found.map(({ stamp }) => stamp).join('\n');
      if (stamps === this.seen) return;
      this.seen = stamps;
      this.use(await openFiles(found));
    } catch (error) {
      this.refuse(error instanceof Error ? error.message : String(error));
      // What was not even found is looked for again and again; a bad file is tried again when it changed.
      if (!(error instanceof PlaceDataBad)) this.seen = null;
    }
  }

  private use(files: MaxmindFiles): void {
    const old = this.brought;
    this.brought = files;
    this.broughtProblem = null;
    closeFiles(old);
    this.log.info(logEvents.placeDataLoaded, { places: files.places?.path, networks: files.networks?.path });
  }

  /** Keeps what is in use. Said once, not every five seconds. */
  private refuse(problem: string): void {
    if (this.broughtProblem === problem) return;
    this.broughtProblem = problem;
    this.log.warn(logEvents.placeDataRefused, { problem });
  }

  private openPackage(): void {
    try {
      this.comesWithUs = PackagePlaces.open(this.options.packagePath);
    } catch (error) {
      // BanGUI works without: countries are missing then, and the page about the data says why.
      this.packageProblem = `The place data that comes with BanGUI cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      this.log.warn(logEvents.placeDataRefused, { problem: this.packageProblem });
    }
  }

  private inPackage(find: (packaged: PackagePlaces) => Place): Place {
    try {
      return this.comesWithUs ? find(this.comesWithUs) : nowhere;
    } catch (error) {
      this.packageProblem ??= 'The place data that comes with BanGUI is damaged.';
      this.log.debug(logEvents.placeDataRefused, { problem: this.packageProblem, error });
      return nowhere;
    }
  }

  /** The file may be written to, or its disk fail, while we read: the address is unknown then. */
  private inFile({ file, path }: OpenDatabase, network: Network): Place {
    try {
      return file.find(network);
    } catch (error) {
      this.refuse(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      return nowhere;
    }
  }
}
