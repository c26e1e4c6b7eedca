// How many columns make the tiles largest.
const kRatio = 16 / 9;

export function bestColumns(count: number, width: number, height: number, gap: number): { columns: number; width: number } {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const byWidth = (width - gap * (columns - 1)) / columns;
    const byHeight = ((height - gap * (rows - 1)) / rows) * kRatio;
    const tile = Math.max(0, Math.min(byWidth, byHeight));
    if (tile > best.width) best = { columns, width: tile };
  }
  return best;
}
