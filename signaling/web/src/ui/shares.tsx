// Numbers as bars, with the numbers beside them.
export function Shares({ title, values }: { title: string; values: Record<string, number> }) {
  const entries = Object.entries(values).sort((a, b) => b[1] - a[1]);
  const most = Math.max(1, ...entries.map(([, n]) => n));
  return (
    <section class="card shares">
      <h2>{title}</h2>
      <dl>
        {entries.map(([name, n]) => (
          <div key={name}><dt>{name}</dt><dd><i class="share" style={{ width: `${Math.round((n / most) * 70)}%` }} /><span>{n.toLocaleString()}</span></dd></div>
        ))}
      </dl>
    </section>
  );
}
