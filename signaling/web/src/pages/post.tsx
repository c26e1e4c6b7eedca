// One post.
import { useState } from 'preact/hooks';
import { dateTime, errorText, t } from '../app/i18n';
import { http } from '../app/http';
import type { Post } from '../app/posts';
import { Link, navigate } from '../app/router';
import { account } from '../app/session';
import { Avatar, Button, notify } from '../ui/controls';
import { Loaded, useLoad } from '../ui/load';
import { SafeHtml } from '../ui/safe_html';
import '../styles/pages.css';

export default function PostPage({ params }: { params: string[] }) {
  const found = useLoad(() => http.get<{ data: Post }>(`/api/blogs/${params[0]}`));
  const [sure, setSure] = useState(false);
  const me = account.value;
  const remove = () => void http.delete(`/api/blogs/${params[0]}`).then(() => navigate('/blogs'), (error) => notify(errorText(error), 'alert'));
  return (
    <main class="page">
      <Link to="/blogs">← {t('shell.posts')}</Link>
      <Loaded of={found}>
        {({ data: post }) => (
          <article class="card post">
            <h1>{post.title}</h1>
            <p class="row muted"><Avatar name={post.author.name} size="small" /><span>{post.author.name} · <time dateTime={post.createdAt}>{dateTime(post.createdAt)}</time></span></p>
            <SafeHtml html={post.content} />
            {me && (me.id === post.author.id || me.role === 'admin') && (
              <div class="row">
                <Button icon="edit" onClick={() => navigate(`/write/${post.id}`)}>{t('posts.edit')}</Button>
                {sure ? <Button kind="danger" onClick={remove}>{t('posts.deleteSure')}</Button> : <Button icon="trash" kind="quiet" onClick={() => setSure(true)}>{t('posts.delete')}</Button>}
              </div>
            )}
          </article>
        )}
      </Loaded>
    </main>
  );
}
