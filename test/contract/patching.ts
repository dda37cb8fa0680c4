import { expect, it } from 'vitest';
import type { ApiObject } from '../real/control-plane/api.ts';
import { type Contract, configMap, configMaps, refusal } from './workspace.ts';

const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };
const STRATEGIC = { 'Content-Type': 'application/strategic-merge-patch+json' };
const APPLY = { 'Content-Type': 'application/apply-patch+yaml' };

interface Manager {
  readonly manager: string;
  readonly operation: string;
  readonly fieldsV1: object;
}

const managersOf = ({ metadata }: ApiObject): readonly Manager[] =>
  metadata.managedFields as readonly Manager[];

/** A Deployment that starts no pods. */
const deployment = (name: string): ApiObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [
          { name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] },
          { name: 'side', image: 'side:1' },
        ],
      },
    },
  },
});

/** The kinds of patches, and who owns which field. */
export const patching: Contract = (workspace) => {
  const home = () => configMaps(workspace());

  it('a merge patch sets, and removes with null', async () => {
    const { api } = workspace();
    await api.create(home(), configMap('merged', { keep: '1', drop: '2' }));
    const { data } = await api.merge(`${home()}/merged`, { data: { drop: null, add: '3' } });
    expect(data).toEqual({ keep: '1', add: '3' });
  });

  it('a JSON patch applies as a whole when its tests hold', async () => {
    const { api } = workspace();
    await api.create(home(), configMap('tested', { a: '1' }));
    const patch = (expected: string) =>
      api.send(
        'PATCH',
        `${home()}/tested`,
        [
          { op: 'replace', path: '/data/a', value: '2' },
          { op: 'test', path: '/data/a', value: expected },
        ],
        JSON_PATCH,
      );
    expect(await patch('9')).toEqual(refusal(422, 'Invalid'));
    expect(await api.get(`${home()}/tested`)).toMatchObject({ data: { a: '1' } });
    expect(await patch('2')).toMatchObject({ status: 200, body: { data: { a: '2' } } });
  });

  it('a strategic merge patch merges containers by name', async () => {
    const { api, namespace } = workspace();
    const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    await api.create(deployments, deployment('layered'));
    const change = {
      spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } },
    };
    const { body } = await api.send('PATCH', `${deployments}/layered`, change, STRATEGIC);
    expect(body).toMatchObject({
      metadata: { generation: 2 },
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'web', image: 'web:2', env: [{ name: 'A', value: '1' }] },
              { name: 'side', image: 'side:1' },
            ],
          },
        },
      },
    });
  });

  it('another type of patch is not supported (415)', async () => {
    const { api } = workspace();
    await api.create(home(), configMap('typed'));
    const answer = await api.send('PATCH', `${home()}/typed`, {}, { 'Content-Type': 'application/json' });
    expect(answer).toEqual(refusal(415, 'UnsupportedMediaType'));
  });

  it('apply conflicts with another owner (409) unless forced', async () => {
    const { api } = workspace();
    const apply = (manager: string, value: string, force = '') =>
      api.send(
        'PATCH',
        `${home()}/owned?fieldManager=${manager}${force}`,
        configMap('owned', { a: value }),
        APPLY,
      );
    expect(await apply('first', '1')).toMatchObject({ status: 201, body: { data: { a: '1' } } });
    expect(await apply('first', '2')).toMatchObject({ status: 200, body: { data: { a: '2' } } });
    expect(await apply('second', '3')).toEqual(
      refusal(409, 'Conflict', {
        message: expect.stringContaining('conflict with "first"'),
        details: {
          causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "first"', field: '.data.a' }],
        },
      }),
    );
    const { status, body } = await apply('second', '3', '&force=true');
    expect([status, (body as ApiObject).data]).toEqual([200, { a: '3' }]);
    const owner = managersOf(body as ApiObject).find(({ fieldsV1 }) => 'f:data' in fieldsV1);
    expect(owner).toMatchObject({ manager: 'second', operation: 'Apply' });
  });

  it('apply needs the name of its manager', async () => {
    const { api } = workspace();
    const answer = await api.send('PATCH', `${home()}/nobodys`, configMap('nobodys'), APPLY);
    expect(answer).toEqual(refusal(422, 'Invalid'));
  });

  it('managedFields tell who wrote what and how', async () => {
    const { api } = workspace();
    await api.create(`${home()}?fieldManager=maker`, configMap('signed', { a: '1' }));
    const signed = await api.merge(`${home()}/signed?fieldManager=painter`, { data: { b: '2' } });
    const entry = (manager: string, field: string) =>
      expect.objectContaining({
        manager,
        operation: 'Update',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': expect.objectContaining({ [field]: {} }) },
        time: expect.any(String),
      });
    expect(managersOf(signed)).toHaveLength(2);
    expect(managersOf(signed)).toEqual(
      expect.arrayContaining([entry('maker', 'f:a'), entry('painter', 'f:b')]),
    );
  });
};
