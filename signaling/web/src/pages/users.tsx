// Administrators: the accounts.
import { useState } from 'preact/hooks';
import { errorText, t, type Key } from '../app/i18n';
import { http } from '../app/http';
import { account, type Account } from '../app/session';
import { Avatar, Button, Field, notify } from '../ui/controls';
import { Loaded, More, usePages } from '../ui/load';
import { NeedsAccount } from '../ui/needs_account';
import '../styles/pages.css';

type Entry = Account & { isActive: boolean };

function Actions({ user, changed }: { user: Entry; changed: () => void }) {
  const [sure, setSure] = useState(false);
  const attempt = (work: Promise<unknown>) => void work.then(changed, (error) => notify(errorText(error), 'alert'));
  if (user.id === account.value?.id) return <span class="muted">{t('you')}</span>;
  return (
    <span class="row wrap">
      <Button kind="quiet" onClick={() => attempt(http.patch(`/api/users/${user.id}`, { role: user.role === 'admin' ? 'user' : 'admin' }))}>{t(user.role === 'admin' ? 'admin.dropAdmin' : 'admin.makeAdmin')}</Button>
      <Button kind="quiet" onClick={() => attempt(http.patch(`/api/users/${user.id}`, { isActive: !user.isActive }))}>{t(user.isActive ? 'admin.deactivate' : 'admin.activate')}</Button>
      {sure ? <Button kind="danger" onClick={() => attempt(http.delete(`/api/users/${user.id}`))}>{t('posts.deleteSure')}</Button> : <Button kind="quiet" icon="trash" label={t('admin.delete', { name: user.name })} onClick={() => setSure(true)} />}
    </span>
  );
}

const kPage = 100;

async function load(search: string, page: number) {
  const { data } = await http.get<{ data: Entry[] }>(`/api/users?limit=${kPage}&page=${page}${search ? `&query=${encodeURIComponent(search)}` : ''}`);
  return { items: data, isLast: data.length < kPage };
}

function Users() {
  const [search, setSearch] = useState('');
  const found = usePages((page) => load(search, page), [search]);
  return (
    <main class="page wide">
      <h1>{t('admin.users')}</h1>
      <Field label={t('admin.search')} type="search" value={search} onInput={setSearch} />
      <Loaded of={found}>
        {({ items }) => (
          <div class="table-box" tabIndex={0} role="region" aria-label={t('admin.users')}>
            <table>
              <thead><tr><th>{t('auth.name')}</th><th>{t('auth.email')}</th><th>{t('admin.role')}</th><th>{t('admin.state')}</th><th>{t('admin.actions')}</th></tr></thead>
              <tbody>
                {items.map((user) => (
                  <tr key={user.id}>
                    <td><span class="row"><Avatar name={user.name} size="small" />{user.name}</span></td>
                    <td>{user.email}</td>
                    <td>{t(`admin.role.${user.role}` as Key)}</td>
                    <td>{t(user.isActive ? 'admin.active' : 'admin.inactive')}</td>
                    <td><Actions user={user} changed={found.again} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      <More of={found} />
    </main>
  );
}

export default function UsersPage() {
  return <NeedsAccount admin><Users /></NeedsAccount>;
}
