import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting, type TestRequest } from '@angular/common/http/testing';
import { ApplicationRef } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { NEVER } from 'rxjs';
import { ConfigurationState } from '../api/configuration-state';
import { configurationJails } from '../api/generated/fn/configuration/configuration-jails';
import { changesApply } from '../api/generated/fn/changes/changes-apply';
import { Live } from '../api/live/live';
import { ConfigurationApi } from './configuration-api';

describe('ConfigurationApi', () => {
  function start() {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), { provide: Live, useValue: { events: NEVER } }],
    });
    const api = TestBed.inject(ConfigurationApi);
    const jails = TestBed.runInInjectionContext(() => api.jails());
    const http = TestBed.inject(HttpTestingController);
    const read = (): TestRequest => {
      TestBed.tick();
      return http.expectOne(configurationJails.PATH);
    };
    const names = (): string[] => (jails.value()?.items ?? []).map(({ name }) => name);
    return { api, http, read, names };
  }

  it('tells that a change was made when what is shown was read again', async () => {
    const { api, http, read, names } = start();
    read().flush({ items: [] });
    await TestBed.inject(ApplicationRef).whenStable();
    const told = api.apply({ jails: [], files: [], comment: '' }).then(() => names());
    http.expectOne(changesApply.PATH).flush({ id: 'o1', status: 'succeeded' });
    await vi.waitFor(() => read().flush({ items: [{ name: 'new' }] }));
    expect(await told).toEqual(['new']);
  });

  it('tells of a change also where nothing can be read after it', async () => {
    vi.useFakeTimers();
    try {
      const { api, http, read, names } = start();
      read().flush({ items: [{ name: 'old' }] });
      await vi.advanceTimersByTimeAsync(0);
      const told = api.apply({ jails: [], files: [], comment: '' }).then(() => names());
      http.expectOne(changesApply.PATH).flush({ id: 'o1', status: 'succeeded' });
      await vi.advanceTimersByTimeAsync(0);
      read();
      await vi.advanceTimersByTimeAsync(5_000);
      expect(await told).toEqual(['old']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reads once more when a change was made while it read', async () => {
    const { read, names } = start();
    const before = read();
    TestBed.inject(ConfigurationState).noteChange();
    TestBed.tick();
    before.flush({ items: [] });
    await vi.waitFor(() => read().flush({ items: [{ name: 'new' }] }));
    await TestBed.inject(ApplicationRef).whenStable();
    expect(names()).toEqual(['new']);
  });
});
