import type { App } from './app.ts';
import { HOME_APPS } from './home.ts';
import { MONITORING_APPS } from './monitoring.ts';
import { SERVICE_APPS } from './services.ts';
import { STORAGE_APPS } from './storage.ts';
import { SYSTEM_APPS } from './system.ts';

/** Everything that runs in the homelab when nothing is wrong. */
export const APPS: readonly App[] = [
  ...SYSTEM_APPS,
  ...STORAGE_APPS,
  ...MONITORING_APPS,
  ...SERVICE_APPS,
  ...HOME_APPS,
];
