import { loadTranslations } from '@angular/localize';
import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { language } from './app/ui/locale';

// Sentences are looked up when they are first used, so the translations have to be there before the application is.
if (language === 'de') {
  const german = await import('../translations/de.json');
  loadTranslations(german.default.translations);
}
document.documentElement.lang = language;
await bootstrapApplication(App, appConfig);
