// The posts, newest first.
import { dateTime, t } from '../app/i18n';
import { http } from '../app/http';
import type { Post } from '../app/posts';
import { Link } from '../app/router';
import { account } from '../app/session';
import { Avatar } from '../ui/controls';
import { Loaded, More, usePages } from '../ui/load';
import { textOf } from '../ui/safe_html';
import '../styles/pages.css';

async function load(page: number) {
  const { data, total, limit } = await http.get<{ data: Post[]; total: number; limit: number }>(`/api/blogs?page=${page}`);
  return { items: data, isLast: page * limit >= total };
}

export default function PostsPage() {
  const found = usePages(load);
  return (
    <main class="page">
      <div class="row between wrap"><h1>{t('shell.posts')}</h1>{account.value && <Link to="/write" class="button primary">{t('posts.write')}</Link>}</div>
      <Loaded of={found}>
        {({ items }) => (
          <>
            {items.length === 0 && <p class="card muted">{t('posts.none')}</p>}
            <ul class="stack">
              {items.map((post) => (
                <li key={post.id} class="card post-entry">
                  <h2><Link to={`/blogs/${post.id}`}>{post.title}</Link></h2>
                  <p class="excerpt">{textOf(post.content).slice(0, 220)}</p>
                  <p class="row muted"><Avatar name={post.author.name} size="small" /><span>{post.author.name} · <time dateTime={post.createdAt}>{dateTime(post.createdAt)}</time></span></p>
                </li>
              ))}
            </ul>
            <More of={found} />
          </>
        )}
      </Loaded>
    </main>
  );
}
