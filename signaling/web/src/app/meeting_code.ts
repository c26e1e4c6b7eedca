// What people paste when they want to join.

// A code, with or without its hyphens, or any link that ends in one.
export function meetingFrom(text: string): string | null {
  const last = text.trim().replace(/[?#].*$/, '').replace(/\/+$/, '').split('/').pop() ?? '';
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(last)) return last.toLowerCase();
  if (last.includes('.')) return null; // the address of a page
  const code = last.replace(/[-\s]/g, '').toUpperCase();
  return /^[A-Z0-9]{4,16}$/.test(code) ? code : null;
}
