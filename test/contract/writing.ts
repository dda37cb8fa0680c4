import { expect, it } from 'vitest';
import { type Contract, configMap, configMaps, refusal, versionOf } from './workspace.ts';

/** Creating, replacing and deleting, and when it is refused. */
export const writing: Contract = (workspace) => {
  const home = () => configMaps(workspace());
  const exists = async (name: string) =>
    (await workspace().api.send('GET', `${home()}/${name}`)).status === 200;

  it('a name is taken once (409)', async () => {
    const { api } = workspace();
    await api.create(home(), configMap('twice'));
    expect(await api.send('POST', home(), configMap('twice'))).toEqual(
      refusal(409, 'AlreadyExists', {
        message: 'configmaps "twice" already exists',
        details: { name: 'twice', kind: 'configmaps' },
      }),
    );
  });

  it('names the field that is invalid (422)', async () => {
    const { api } = workspace();
    expect(await api.send('POST', home(), configMap('Not_A_Name'))).toEqual(
      refusal(422, 'Invalid', {
        details: {
          name: 'Not_A_Name',
          kind: 'ConfigMap',
          causes: [expect.objectContaining({ reason: 'FieldValueInvalid', field: 'metadata.name' })],
        },
      }),
    );
  });

  it('a method that makes no sense is not allowed (405)', async () => {
    const { api } = workspace();
    const refused = refusal(405, 'MethodNotAllowed');
    expect(await api.send('PUT', home(), configMap('all'))).toEqual(refused);
    expect(await api.send('POST', `${home()}/some`, configMap('some'))).toEqual(refused);
  });

  it('a replacement of what has changed since conflicts (409)', async () => {
    const { api } = workspace();
    const made = await api.create(home(), configMap('raced', { by: 'nobody' }));
    await api.merge(`${home()}/raced`, { data: { by: 'other' } });
    const stale = await api.send('PUT', `${home()}/raced`, { ...made, data: { by: 'us' } });
    expect(stale).toEqual(
      refusal(409, 'Conflict', {
        message: expect.stringContaining('Operation cannot be fulfilled on configmaps "raced"'),
        details: { name: 'raced', kind: 'configmaps' },
      }),
    );
    const blind = await api.send('PUT', `${home()}/raced`, configMap('raced', { by: 'us' }));
    expect(blind).toMatchObject({ status: 200, body: { data: { by: 'us' } } });
  });

  it('a replacement that changes nothing keeps the version', async () => {
    const { api } = workspace();
    const made = await api.create(home(), configMap('same', { a: 'b' }));
    const { body } = await api.send('PUT', `${home()}/same`, made);
    expect(body).toEqual(made);
  });

  it('a dry run changes nothing', async () => {
    const { api } = workspace();
    const created = await api.send('POST', `${home()}?dryRun=All`, configMap('dry'));
    expect(created).toMatchObject({ status: 201, body: { metadata: { name: 'dry' } } });
    expect(await exists('dry')).toBe(false);

    const made = await api.create(home(), configMap('dry', { wet: 'no' }));
    const patched = await api.merge(`${home()}/dry?dryRun=All`, { data: { wet: 'yes' } });
    expect(patched.data).toEqual({ wet: 'yes' });
    expect((await api.send('DELETE', `${home()}/dry?dryRun=All`)).status).toBe(200);
    expect(await api.get(`${home()}/dry`)).toEqual(made);

    const unknown = await api.send('DELETE', `${home()}/dry?dryRun=Some`);
    expect(unknown).toEqual(refusal(422, 'Invalid'));
  });

  it('deletes only what was meant (409)', async () => {
    const { api } = workspace();
    const made = await api.create(home(), configMap('meant'));
    const deletion = (preconditions: object) => {
      const options = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions };
      // Node frames the body of a DELETE only when told its length.
      const length = String(Buffer.byteLength(JSON.stringify(options)));
      return api.send('DELETE', `${home()}/meant`, options, { 'Content-Length': length });
    };
    // Names the kind, where others name the resource.
    const refused = (what: string) =>
      refusal(409, 'Conflict', {
        message: expect.stringContaining(`on ConfigMap "meant": the ${what} in the precondition`),
        details: { name: 'meant', kind: 'ConfigMap' },
      });
    expect(await deletion({ uid: '00000000-0000-0000-0000-000000000000' })).toEqual(refused('UID'));
    expect(await deletion({ uid: made.metadata.uid, resourceVersion: '1' })).toEqual(
      refused('ResourceVersion'),
    );
    expect(await exists('meant')).toBe(true);
    const done = await deletion({ uid: made.metadata.uid, resourceVersion: versionOf(made) });
    expect(done).toEqual({
      status: 200,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'meant', kind: 'configmaps', uid: made.metadata.uid },
      },
    });
    expect(await exists('meant')).toBe(false);
  });

  it('what has a finalizer waits for it', async () => {
    const { api } = workspace();
    await api.create(home(), configMap('held', {}, { finalizers: ['homelab-top.test/held'] }));
    const { body } = await api.send('DELETE', `${home()}/held`);
    expect(body).toMatchObject({ kind: 'ConfigMap', metadata: { deletionTimestamp: expect.any(String) } });
    await api.merge(`${home()}/held`, { metadata: { finalizers: null } });
    expect(await exists('held')).toBe(false);
  });
};
