// Writing a post: plain text with empty lines between paragraphs, or HTML for those who want it.
import { useEffect, useState } from 'preact/hooks';
import { errorText, t } from '../app/i18n';
import { http, HttpError } from '../app/http';
import type { Post } from '../app/posts';
import { navigate } from '../app/router';
import { Button, Field, Problem } from '../ui/controls';
import { NeedsAccount } from '../ui/needs_account';
import { SafeHtml } from '../ui/safe_html';
import '../styles/pages.css';

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

export function htmlFrom(text: string): string {
  if (/<(p|h[1-6]|ul|ol|blockquote|pre|br)\b/i.test(text)) return text;
  return text.trim().split(/\n\s*\n/).map((paragraph) => `<p>${escaped(paragraph).replace(/\n/g, '<br>')}</p>`).join('');
}

function Editor({ id }: { id: string | undefined }) {
  const [title, setTitle] = useState('');
  const [content, setContent] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, string[]>>({});
  useEffect(() => {
    if (!id) return;
    http.get<{ data: Post }>(`/api/blogs/${id}`).then(({ data }) => {
      setTitle(data.title);
      setContent(data.content);
    }, (error) => setProblem(errorText(error)));
  }, [id]);
  const save = async (event: Event) => {
    event.preventDefault();
    const body = { title, content: htmlFrom(content) };
    try {
      const { data } = id ? await http.put<{ data: Post }>(`/api/blogs/${id}`, body) : await http.post<{ data: Post }>('/api/blogs', body);
      navigate(`/blogs/${data.id}`);
    } catch (error) {
      if (error instanceof HttpError) setFields(error.fields);
      setProblem(errorText(error));
    }
  };
  return (
    <main class="page">
      <h1>{t(id ? 'posts.edit' : 'posts.write')}</h1>
      <form class="card" onSubmit={(event) => void save(event)}>
        <Field label={t('posts.title')} value={title} onInput={setTitle} maxLength={200} required error={fields.title?.[0]} />
        <Field label={t('posts.content')} value={content} onInput={setContent} rows={12} required hint={t('posts.contentHint')} error={fields.content?.[0]} />
        <Problem text={problem} />
        <Button type="submit" kind="primary" disabled={title.trim().length < 3 || !content.trim()}>{t('posts.publish')}</Button>
      </form>
      {content.trim() && <section class="card"><h2>{t('posts.preview')}</h2><SafeHtml html={htmlFrom(content)} /></section>}
    </main>
  );
}

export default function WritePage({ params }: { params: string[] }) {
  return <NeedsAccount><Editor id={params[0] || undefined} /></NeedsAccount>;
}
