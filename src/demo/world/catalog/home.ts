import { type App, container } from './app.ts';

/** A small app with one container and one volume, as most of a homelab is. */
function app(
  namespace: string,
  name: string,
  image: string,
  port: number,
  [cpu, memory]: readonly [string, string],
  extra: Partial<App> = {},
): App {
  return {
    namespace,
    name,
    kind: 'Deployment',
    ageDays: 70,
    port,
    claims: [{ name: `${name}-config`, size: '5Gi' }],
    containers: [container(name, image, cpu, memory, { port, probe: '' })],
    ...extra,
  };
}

const NO_VOLUME: Partial<App> = { claims: [] };

const AI: readonly App[] = [
  app('ai', 'ollama', 'docker.io/ollama/ollama:0.9.0', 11434, ['2/8', '16Gi/40Gi'], {
    release: 'ollama',
    ageDays: 52,
    claims: [{ name: 'ollama-models', size: '200Gi', storageClass: 'ceph-filesystem' }],
  }),
  app('ai', 'open-webui', 'ghcr.io/open-webui/open-webui:v0.6.13', 8080, ['100m/1', '512Mi/2Gi'], {
    release: 'open-webui',
    ageDays: 52,
    claims: [{ name: 'open-webui', size: '10Gi' }],
  }),
  app('ai', 'kubeai', 'ghcr.io/substratusai/kubeai:v0.21.0', 8000, ['50m/500m', '128Mi/512Mi'], {
    ...NO_VOLUME,
    release: 'kubeai',
    ageDays: 52,
  }),
];

const MEDIA: readonly App[] = [
  app('media', 'jellyfin', 'ghcr.io/jellyfin/jellyfin:10.10.7', 8096, ['500m/4', '1Gi/4Gi'], {
    release: 'jellyfin',
    claims: [
      { name: 'jellyfin-config', size: '50Gi' },
      { name: 'media', size: '1Ti', storageClass: 'ceph-filesystem' },
    ],
  }),
  app('media', 'sonarr', 'ghcr.io/home-operations/sonarr:4.0.14', 8989, ['50m/500m', '256Mi/1Gi']),
  app('media', 'radarr', 'ghcr.io/home-operations/radarr:5.23.3', 7878, ['50m/500m', '256Mi/1Gi']),
  app('media', 'prowlarr', 'ghcr.io/home-operations/prowlarr:1.37.0', 9696, ['50m/500m', '256Mi/512Mi']),
  app('media', 'qbittorrent', 'ghcr.io/home-operations/qbittorrent:5.1.0', 8080, ['200m/2', '512Mi/4Gi']),
  app('media', 'jellyseerr', 'ghcr.io/fallenbagel/jellyseerr:2.5.2', 5055, ['50m/500m', '256Mi/1Gi']),
];

const HOME: readonly App[] = [
  app(
    'home',
    'home-assistant',
    'ghcr.io/home-operations/home-assistant:2025.6.0',
    8123,
    ['250m/2', '1Gi/2Gi'],
    {
      release: 'home-assistant',
      claims: [{ name: 'home-assistant-config', size: '10Gi' }],
    },
  ),
  app('home', 'zigbee2mqtt', 'ghcr.io/koenkk/zigbee2mqtt:2.4.0', 8080, ['50m/500m', '128Mi/512Mi']),
  app('home', 'mosquitto', 'docker.io/library/eclipse-mosquitto:2.0.21', 1883, ['20m/200m', '32Mi/128Mi']),
  app('home', 'esphome', 'ghcr.io/esphome/esphome:2025.5.2', 6052, ['50m/2', '256Mi/1Gi']),
];

/** A daily health check of one area, as the homelab runs them. */
function check(area: string, schedule: string): App {
  return {
    namespace: 'default',
    name: `${area}-health-check`,
    kind: 'CronJob',
    schedule,
    ageDays: 30,
    containers: [
      container('check', 'docker.io/bitnami/kubectl:1.33.1', '50m/500m', '64Mi/256Mi', {
        command: ['/bin/bash', `/scripts/${area}_health_check.sh`],
      }),
    ],
  };
}

/** What the people of the house use, and the daily checks. */
export const HOME_APPS: readonly App[] = [
  ...AI,
  ...MEDIA,
  ...HOME,
  app('default', 'echo', 'ghcr.io/mendhak/http-https-echo:36', 8080, ['10m/100m', '32Mi/128Mi'], {
    ...NO_VOLUME,
    release: 'echo',
    replicas: 2,
  }),
  check('k8s', '0 6 * * *'),
  check('storage', '10 6 * * *'),
  check('network', '20 6 * * *'),
  check('flux', '30 6 * * *'),
];
